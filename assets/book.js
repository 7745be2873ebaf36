// What the theme and the widgets leave undone. Loaded on every page, before it is drawn.
(() => {
  const { vendor, requirejs, manager } = document.currentScript.dataset;
  const base = new URL(vendor, document.currentScript.src).href;
  const STATIC = document.currentScript.src;
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
    showLab();
    if (document.querySelector(VIEW)) loadWidgets().catch(() => {}).finally(tellForbidden);
  });

  // A server may say what its pages are allowed; what it forbids is told where it is missed.
  const forbidden = new Set();
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
    const source = { eval: "'unsafe-eval'", inline: "'unsafe-inline'", blob: "blob:" }[blockedURI];
    if (!source) return; // WebAssembly's is one that the lab does without
    forbidden.add(`${effectiveDirective.replace(/-(elem|attr)$/, "")} ${source}`);
    setTimeout(tellForbidden, 1000);
  });

  const KIND = "application/vnd.jupyter.widget-";
  const VIEW = `script[type="${KIND}view+json"]`;

  function tellForbidden() {
    if (![...forbidden].some((what) => /unsafe-eval|blob/.test(what))) return;
    const empty = ".widget-subarea:not(:has(.jupyter-widgets, .gl)):not(:has(.forbidden))";
    for (const place of document.querySelectorAll(`${empty}, :not(.widget-subarea) > ${VIEW}`)) {
      const note = document.createElement("p");
      note.className = "forbidden";
      note.textContent = "This interactive part cannot be shown: the server's content policy " +
        `forbids ${[...forbidden].sort().join(", ")}. README names what to allow.`;
      place.matches("script") ? place.replaceWith(note) : place.replaceChildren(note);
    }
  }

  const FILE_OF = { Lab: "page.js", Dot: "dot.js", Row: "row.js" };

  // The lab is files where a server gives them: it then needs neither the widgets nor their rights.
  async function showLab() {
    if (!/^http/.test(location.protocol)) return;
    const models = JSON.parse(document.querySelector(`script[type="${KIND}state+json"]`)?.text ?? "{}");
    for (const view of document.querySelectorAll(VIEW)) {
      const { state } = models.state?.[JSON.parse(view.text).model_id] ?? {};
      const [, kind] = /\.(Lab|Dot|Row)$/.exec(state?._anywidget_id) ?? [];
      if (!kind) continue;
      const area = document.createElement("div"), el = document.createElement("div");
      area.className = "widget-subarea";
      area.append(el);
      view.replaceWith(area);
      const here = new URL("lab/", STATIC), style = document.createElement("link");
      Object.assign(style, { rel: "stylesheet", href: new URL("lab.css", here).href });
      document.head.append(style);
      const { default: widget } = await import(new URL(FILE_OF[kind], here).href);
      widget.render({ model: { get: (name) => state[name] }, el });
    }
  }

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
