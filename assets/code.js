// One control a page for all code: shown, hidden, or as the page has it. The choice is remembered.
(() => {
  const KEY = "code";
  const root = document.documentElement;
  const CHOICES = { all: "Show all code", none: "Hide all code" };

  // A browser may refuse to keep anything; then the choice holds for this page.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const remember = (choice) => {
    try {
      choice ? localStorage.setItem(KEY, choice) : localStorage.removeItem(KEY);
    } catch {}
  };

  const choose = (choice) => {
    root.dataset.code = choice in CHOICES ? choice : "";
    for (const fold of document.querySelectorAll("div.cell > details.hide"))
      fold.open = choice === "all";
    for (const button of document.querySelectorAll(".code-control button"))
      button.setAttribute("aria-pressed", button.value === choice);
  };

  // Before anything is drawn, so that no code flashes by.
  const first = remembered();
  root.dataset.code = first in CHOICES ? first : "";

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector("div.cell_input")) return;
    const control = document.createElement("div");
    control.className = "code-control d-print-none";
    control.setAttribute("role", "group");
    control.setAttribute("aria-label", "Code on every page");
    for (const [value, label] of Object.entries(CHOICES)) {
      const button = Object.assign(document.createElement("button"), {
        type: "button",
        value,
        textContent: label,
        onclick: () => {
          const choice = root.dataset.code === value ? "" : value;
          remember(choice);
          choose(choice);
        },
      });
      control.append(button);
    }
    document.querySelector("article h1")?.after(control);
    choose(root.dataset.code);
  });
})();
