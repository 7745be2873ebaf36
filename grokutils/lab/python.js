// The equivalent Python of an experiment, as text to paste in a notebook.
"use strict";

function pythonOf(settings, change) {
  return "";
}
