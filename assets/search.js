// The search shows an excerpt of each page that it finds. A page opened from a disk may read no other,
// so there the text comes from excerpts.js (_ext/served.py). Loaded on the page of the search.
if (location.protocol === "file:") {
  window.fetch = async (address) => {
    const root = document.documentElement.dataset.content_root ?? "";
    const main = document.createElement("div");
    main.setAttribute("role", "main");
    main.textContent = EXCERPTS[address.slice(root.length).replace(/\.html$/, "")] ?? "";
    return new Response(main.outerHTML);
  };
}
