// A term or a citation shows what it says in a box: when pointed at, when focused, when tapped. The
// words come from the glossary and the references (_ext/definitions.py). Without a script, the link
// leads there, as a click does here.
(() => {
  if (typeof DEFINITIONS === "undefined") return;
  const SITE = new URL("..", document.currentScript.src).href;
  const WAIT = 150; // ms, so that a pointer may cross the gap between a link and its box

  const box = document.createElement("div");
  Object.assign(box, { className: "definition", id: "definition", hidden: true });
  box.setAttribute("role", "tooltip");
  let shown = null, timer, touched = false;

  const of = (link) => link.href.startsWith(SITE) && DEFINITIONS[link.href.slice(SITE.length)];

  function place(link) {
    const line = link.getClientRects()[0], width = document.documentElement.clientWidth;
    const edge = 8, below = line.bottom + box.offsetHeight + edge < innerHeight;
    const left = Math.max(edge, Math.min(line.left, width - box.offsetWidth - edge));
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(below ? line.bottom + 2 : line.top - box.offsetHeight - 2) + scrollY}px`;
  }

  async function show(link) {
    clearTimeout(timer);
    if (shown === link) return;
    hide();
    shown = link;
    box.innerHTML = of(link);
    const on = document.createElement("a");
    Object.assign(on, { href: link.href, tabIndex: -1 });
    on.textContent = /glossary/.test(link.href) ? "In the glossary" : "In the references";
    if (touched) box.append(on); // a tap has opened the box instead of the link
    box.hidden = false;
    link.setAttribute("aria-describedby", box.id);
    place(link);
    await window.MathJax?.typesetPromise?.([box]);
    if (shown === link) place(link);
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    box.hidden = true;
    shown = null;
  }

  const later = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, WAIT);
  };

  function watch(link) {
    link.removeAttribute("title"); // which would cover the box
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") later(() => show(link));
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") later(hide);
    });
    link.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch"));
    link.addEventListener("focus", () => touched || show(link));
    link.addEventListener("blur", () => later(hide));
    link.addEventListener("click", (event) => {
      if (!touched || shown === link) return;
      event.preventDefault();
      show(link);
    });
    link.addEventListener("keydown", () => (touched = false));
  }

  for (const link of document.querySelectorAll("article a.reference.internal[href*='#']"))
    if (of(link)) watch(link);
  document.body.append(box);
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && later(hide));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  document.addEventListener("pointerdown", ({ target }) => {
    if (shown && target !== shown && !shown.contains(target) && !box.contains(target)) hide();
  });
  addEventListener("resize", hide);
})();
