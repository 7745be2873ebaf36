// What is wider than its column says that it scrolls sideways, and scrolls by the keyboard too.
document.addEventListener("DOMContentLoaded", () => {
  const boxes =
    "div.cell_output, .cell_output .output, .cell_output figure, .pst-scrollable-table-container";

  const tell = (box) => {
    const kind = box.querySelector("table") ? "Table" : box.querySelector("img") ? "Figure" : "Output";
    const told = { role: "region", tabindex: "0", "aria-label": `${kind}, scrolls sideways` };
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    box.classList.toggle("scrolls", scrolls);
    for (const [name, value] of Object.entries(told))
      scrolls ? box.setAttribute(name, value) : box.removeAttribute(name);
  };

  const observer = new ResizeObserver((seen) => seen.forEach(({ target }) => tell(target)));
  for (const box of document.querySelectorAll(boxes)) observer.observe(box);
});
