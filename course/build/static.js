// Before a page is printed: four frames of each scrubber in its place, the landing figure for the lab,
// a line for what else needs a screen.
(landing) => {
  const state = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]');
  const models = state ? JSON.parse(state.textContent).state : {};
  const child = (reference) => reference.replace("IPY_MODEL_", "");

  // The frames below a model, in order, if one of its descendants is a Stack.
  const framesOf = (id) => {
    const { model_name: kind, state: fields } = models[id];
    const children = (fields.children ?? []).map(child);
    if (kind === "StackModel") return children.map((frame) => models[frame].state.value);
    return children.map(framesOf).find((found) => found.length) ?? [];
  };

  const views = 'script[type="application/vnd.jupyter.widget-view+json"]';
  document.querySelectorAll(".widget-subarea").forEach((area, place) => {
    const view = document.querySelectorAll(views)[place];
    const id = view && JSON.parse(view.textContent).model_id;
    const frames = id ? framesOf(id) : [];
    const still = document.createElement("div");
    still.className = "static-widget";
    if (frames.length) {
      const chosen = [0, 1, 2, 3].map((i) => Math.round((i * (frames.length - 1)) / 3));
      still.innerHTML = [...new Set(chosen)]
        .map((i) => {
          const alt = /alt="([^"]*)"/.exec(frames[i])?.[1] ?? "";
          return `<figure>${frames[i]}<figcaption>${alt}</figcaption></figure>`;
        })
        .join("");
    } else {
      still.textContent = "Here the book on screen has an interactive part.";
      const isLab = id && models[id].state._anywidget_id?.endsWith("Lab");
      if (isLab && !document.querySelector("#fig-landing"))
        still.innerHTML = landing;
    }
    area.replaceWith(still);
  });
  // Folded code stays so (book.css); hints and solutions are for reading.
  for (const folded of document.querySelectorAll("details:not(.hide)")) folded.open = true;
  for (const answer of document.querySelectorAll(".toggle-hidden")) answer.classList.remove("toggle-hidden");
};
