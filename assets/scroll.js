// What is wider than its column says that it scrolls sideways, and scrolls by the keyboard too.
document.addEventListener("DOMContentLoaded", () => {
  const FRAMES = ".widget-subarea .widget-box:has(> .widget-html img)";
  const boxes =
    "div.cell_output, .cell_output .output, .cell_output figure, .pst-scrollable-table-container, " +
    `div.math, ${FRAMES}`;
  const KINDS = { Formula: "mjx-container", Table: "table", Figure: "img" };

  const tell = (box) => {
    const kind = Object.keys(KINDS).find((name) => box.querySelector(KINDS[name])) ?? "Output";
    const told = { role: "region", tabindex: "0", "aria-label": `${kind}, scrolls sideways` };
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    box.classList.toggle("scrolls", scrolls);
    for (const [name, value] of Object.entries(told))
      scrolls ? box.setAttribute(name, value) : box.removeAttribute(name);
  };

  const observer = new ResizeObserver((seen) => seen.forEach(({ target }) => tell(target)));
  const watch = () => document.querySelectorAll(boxes).forEach((box) => observer.observe(box));
  watch();
  // Widgets come after the page.
  const late = new MutationObserver(watch);
  for (const view of document.querySelectorAll('script[type$="widget-view+json"]'))
    late.observe(view.parentElement, { childList: true, subtree: true });
});
