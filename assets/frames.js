// The frame of a scrubber that is in sight can be taken as a picture, as other figures can.
document.addEventListener("DOMContentLoaded", () => {
  const take = (figure) => {
    const frame = [...figure.querySelectorAll("img")].find((image) => image.offsetParent);
    if (!frame) return; // the widgets are still to come
    const canvas = document.createElement("canvas");
    canvas.width = frame.naturalWidth;
    canvas.height = frame.naturalHeight;
    canvas.getContext("2d").drawImage(frame, 0, 0);
    const step = figure.querySelector(".widget-readout").textContent;
    const link = document.createElement("a");
    link.download = `${figure.id}-${step}.png`;
    link.href = canvas.toDataURL("image/png");
    link.click();
  };

  const views = 'figure script[type="application/vnd.jupyter.widget-view+json"]';
  for (const view of document.querySelectorAll(views)) {
    const figure = view.closest("figure");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "picture of this frame";
    button.onclick = () => take(figure);
    figure.querySelector(".downloads").firstChild.after(button, ", "); // after "Download: "
  }
});
