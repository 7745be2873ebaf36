// Check a number of this book: a stored race, trained in the page, beside what is stored.

import { PAPER } from "../shared/given.js";
import { finderIn } from "../page/find.js";
import { newWorker, reason } from "../page/run_in_worker.js";
import { number } from "../page/settings.js";

/** @type {(events: Wait["events"], last: number) => string[]} */
const wordsOf = (events, last) => [events.memorization, events.generalization]
  .map((epoch) => (epoch === null ? `not by epoch ${number(last)}` : number(epoch)));

/** @type {(row: StoredRow) => string} */
export function nameOf({ changes }) {
  const told = Object.entries(changes).map(([name, value]) => `${name} = ${value}`);
  return told.join(", ") || "the paper’s settings";
}

// Whether a row came out as it is stored, both events and all digits.
/** @type {(row: StoredRow, events: Wait["events"]) => boolean} */
export const isEqual = ({ memorization, generalization }, events) =>
  events.memorization === memorization && events.generalization === generalization;

/** @type {(id: string, rows: StoredRow[]) => string} */
function markup(id, rows) {
  const options = rows.map((row, i) => `<option value="${i}">${i + 1}: ${nameOf(row)}</option>`);
  return `<section class="gl gl-row" aria-label="Recompute a row">
    <div class="gl-field"><label for="${id}">A stored run</label>
      <select id="${id}">${options.join("")}</select></div>
    <div class="gl-controls"><button type="button" data-do="train" class="gl-primary">Recompute it</button>
      <button type="button" data-do="random">One at random</button></div>
    <p class="gl-status" role="status" aria-live="polite"></p>
    <table hidden><thead><tr><td></td><th scope="col">memorized at</th>
      <th scope="col">generalized at</th></tr></thead><tbody></tbody></table></section>`;
}

class RowPage {
  /**
   * @param {HTMLElement} el
   * @param {StoredRow[]} rows
   */
  constructor(el, rows) {
    el.innerHTML = markup(`gr-${Math.random().toString(36).slice(2)}`, rows);
    this.find = finderIn(/** @type {HTMLElement} */ (el.firstElementChild));
    this.rows = rows;
    /** @type {Worker | null} */
    this.worker = null;
    this.told = 0;
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    /** @type {(action: string, work: () => void) => void} */
    const press = (action, work) =>
      this.find(`[data-do=${action}]`).addEventListener("click", work, { signal });
    press("train", () => (this.worker ? this.stop("Stopped.") : this.train()));
    press("random", () => this.pick(Math.floor(Math.random() * rows.length)));
    this.find("select").addEventListener("change", () => this.stop(""), { signal });
    const hide = () => this.worker?.postMessage({ command: document.hidden ? "pause" : "train" });
    document.addEventListener("visibilitychange", hide, { signal });
  }

  close() {
    this.worker?.terminate();
    this.leaving.abort();
  }

  get row() {
    return this.rows[Number(this.find("select").value)];
  }

  /** @type {(place: number) => void} */
  pick(place) {
    this.stop("");
    this.find("select").value = String(place);
    this.train();
  }

  train() {
    const { row } = this;
    this.worker = newWorker();
    this.worker.onmessage = ({ data }) => this.receive(row, data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.stop(`Stopped: ${reason(event)}.`);
    };
    this.worker.postMessage({ command: "wait", settings: { ...PAPER, ...row.changes, epochs: row.last } });
    this.find("[data-do=train]").textContent = "Stop";
    this.find("table").hidden = true;
    this.told = 0;
  }

  /** @type {(row: StoredRow, given: Wait) => void} */
  receive(row, { epoch, events, done }) {
    if (!done) {
      if (performance.now() - this.told < 3000) return;
      this.told = performance.now();
      this.say(`Training. Epoch ${number(epoch)} of at most ${number(row.last)}.`);
      return;
    }
    const same = isEqual(row, events);
    this.stop(same ? "Equal to the last digit: this browser has made the stored run."
      : "Not equal. The stored run is another, or this page has a fault: please report the row.");
    const lines = { "in the book": row, "in this browser": events };
    this.find("tbody").innerHTML = Object.entries(lines).map(([name, found]) =>
      `<tr><th scope="row">${name}</th>${wordsOf(found, row.last)
        .map((word) => `<td>${word}</td>`).join("")}</tr>`).join("");
    this.find("table").hidden = false;
  }

  /** @type {(why: string) => void} */
  stop(why) {
    this.worker?.terminate();
    this.worker = null;
    this.find("[data-do=train]").textContent = "Recompute it";
    this.find("table").hidden = true;
    this.say(why);
  }

  /** @type {(text: string) => void} */
  say(text) {
    this.find(".gl-status").textContent = text;
  }
}

export default {
  /** @type {(given: { model: { get(name: string): StoredRow[] }, el: HTMLElement }) => () => void} */
  render({ model, el }) {
    const page = new RowPage(el, model.get("rows"));
    return () => page.close();
  },
};
