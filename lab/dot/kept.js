// The reader's dots, kept while the tab is open.

const KEY = "grokutils dots";

// Return the dots that are kept; none where the browser keeps nothing.
/** @returns {Dot[]} */
export function keptDots() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]").map(revived);
  } catch {
    return [];
  }
}

/** @type {(dots: Dot[]) => void} */
export function keep(dots) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(dots));
  } catch {
    // Then they last as long as the page.
  }
}

// JSON has no infinity and writes null.
/** @type {(dot: Dot) => Dot} */
const revived = (dot) => (
  dot.guess ? { ...dot, guess: [dot.guess[0], dot.guess[1] ?? Infinity] } : dot);
