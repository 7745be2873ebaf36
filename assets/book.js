// What the theme and the widgets leave undone. Loaded on every page, before it is drawn.
(() => {
  const { vendor, requirejs, manager } = document.currentScript.dataset;
  const base = new URL(vendor, document.currentScript.src).href;
  const root = document.documentElement;

  // Formulas stay out of sight until they are set (book.css), so that no TeX flashes by.
  root.classList.add("typesetting");
  const typeset = () => root.classList.remove("typesetting");

  // Font Awesome would replace the icons inside Play, which then fails.
  window.FontAwesomeConfig = { observeMutations: false };

  document.addEventListener("DOMContentLoaded", () => {
    // The names that these controls show and the names that they tell differ.
    const mislabelled = ".theme-switch-button, .search-button-field, details > summary";
    for (const control of document.querySelectorAll(mislabelled))
      control.removeAttribute("aria-label");
    // A list of references says that it is a list but not that it has items.
    for (const item of document.querySelectorAll(".citation-list > [role]"))
      item.setAttribute("role", "listitem");
  });

  window.addEventListener("load", () => {
    Promise.resolve(window.MathJax?.startup?.promise).finally(typeset);
    if (document.querySelector('script[type="application/vnd.jupyter.widget-view+json"]'))
      loadWidgets();
  });

  const load = (path) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: base + path, onload: resolve, onerror: reject });
      document.head.append(script);
    });

  // Some 4 MB, hence after the text and the figures.
  async function loadWidgets() {
    await load(`${requirejs}/require.js`);
    const dist = `${base}${manager}/dist/`;
    const paths = {
      // The manager's own modules ask where they are, to find their fonts.
      "@jupyter-widgets/base": `${dist}base`,
      "@jupyter-widgets/controls": `${dist}controls`,
      "@jupyter-widgets/html-manager": `${dist}index`,
      "@jupyter-widgets/html-manager/dist/libembed-amd": `${dist}libembed-amd`,
    };
    // On the CDN, anywidget is found by its version, as any other widget is.
    if (!/^https?:/.test(vendor)) paths.anywidget = `${base}anywidget`;
    window.require.config({ paths });
    document.querySelector("script[data-vendor]").setAttribute("data-jupyter-widgets-cdn", base);

    // The widgets speak to MathJax 2, the pages have MathJax 3.
    if (window.MathJax)
      window.MathJax.Hub = {
        Queue: ([, , element]) => window.MathJax.typesetPromise?.([element]),
      };

    new MutationObserver(tellNames).observe(document.body, { childList: true, subtree: true });
    await load(`${manager}/dist/embed-amd.js`);
  }

  // Handles and buttons do not tell what stands beside them or is drawn on them.
  function tellNames() {
    for (const handle of document.querySelectorAll(".jupyter-widgets .noUi-handle")) {
      const slider = handle.closest(".jupyter-widgets");
      const text = (selector) => slider.querySelector(selector)?.textContent.trim();
      handle.setAttribute("aria-label", text(".widget-label") || "position");
      handle.setAttribute("aria-valuetext", text(".widget-readout") || handle.ariaValueNow);
    }
    for (const player of document.querySelectorAll(".widget-play"))
      ["Play or pause", "Stop", "Repeat"].forEach((name, i) => (player.children[i].title = name));
  }
})();
