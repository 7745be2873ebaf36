// The reading map: a work is in sight if it has every class that the form asks for.
(() => {
  const form = document.querySelector(".literature-filter");
  const works = [...document.querySelectorAll(".works > li")];

  function choose() {
    const wanted = [...new FormData(form).values()].filter(Boolean);
    for (const work of works)
      work.hidden = !wanted.every((name) => work.classList.contains(name));
    // A question without a work in sight need not be asked.
    for (const list of document.querySelectorAll(".works"))
      list.closest("section").hidden = !list.querySelector(":scope > li:not([hidden])");
    const left = works.filter((work) => !work.hidden).length;
    form.querySelector("output").value = `${left} of ${works.length} works`;
  }

  form.hidden = false;
  form.addEventListener("input", choose);
  form.addEventListener("reset", () => setTimeout(choose)); // the choices change after the event
  form.addEventListener("submit", (event) => event.preventDefault());
  choose(); // the browser may have kept a choice
})();
