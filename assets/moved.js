// An old address goes on to the page that has what it names (_ext/moved.py).
"use strict";
{
  const places = JSON.parse(document.getElementById("moved").textContent);
  const page = places[decodeURIComponent(location.hash.slice(1))] ?? places[""];
  location.replace(page + location.hash);
}
