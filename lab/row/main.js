// Check a number of this book: a stored race, trained in the page, beside what is stored.

import { PAPER } from "../shared/given.js";
import { FIELDS } from "../shared/rules.js";
import { inNotebook, writeAddress } from "../page/address.js";
import { finderIn } from "../page/find.js";
import { newWorker, reason } from "../page/run_in_worker.js";
import { number } from "../page/settings.js";

/** @type {(events: Wait["events"], last: number) => string[]} */
const wordsOf = (events, last) => [events.memorization, events.generalization]
  .map((epoch) => (epoch === null ? `not by epoch ${number(last)}` : number(epoch)));

// What a setting changes of the paper's, but for what all settings of the table change alike.
/** @type {(setting: StoredSetting, all: StoredSetting[]) => string} */
export function nameOf({ changes }, all) {
  const own = Object.entries(changes).filter(([name, value]) =>
    all.length === 1 || all.some((other) => other.changes[name] !== value));
  return own.map(([name, value]) => `${FIELDS[name].label}: ${value}`).join(", ")
    || "the paper’s settings";
}

// Whether a row came out as it is stored, both events and all digits.
/** @type {(row: StoredRow, events: Wait["events"]) => boolean} */
export const isEqual = ({ memorization, generalization }, events) =>
  events.memorization === memorization && events.generalization === generalization;

/** @type {(names: string[]) => string} */
const options = (names) => names.map((name, i) => `<option value="${i}">${name}</option>`).join("");

/** @type {(id: string, settings: StoredSetting[]) => string} */
function markup(id, settings) {
  /** @type {(name: string, label: string, names: string[]) => string} */
  const choice = (name, label, names) => `<div class="gl-field"><label for="${id}-${name}">${label}
    </label><select id="${id}-${name}" name="${name}">${options(names)}</select></div>`;
  return `<section class="gl gl-row" aria-label="Recompute a row">
    <div class="gl-fields">
      ${choice("setting", "A stored setting", settings.map((setting) => nameOf(setting, settings)))}
      ${choice("run", "Its seed", [])}</div>
    <div class="gl-controls"><button type="button" data-do="train" class="gl-primary">Recompute it</button>
      <button type="button" data-do="random">One at random</button></div>
    <p class="gl-status" role="status" aria-live="polite"></p>
    <table hidden><thead><tr><td></td><th scope="col">memorized at epoch</th>
      <th scope="col">generalized at epoch</th></tr></thead><tbody></tbody></table>
    <p class="gl-watch" hidden><a>Watch this run in the lab</a></p></section>`;
}

class RowPage {
  /**
   * @param {HTMLElement} el
   * @param {StoredSetting[]} settings
   */
  constructor(el, settings) {
    el.innerHTML = markup(`gr-${Math.random().toString(36).slice(2)}`, settings);
    this.find = finderIn(/** @type {HTMLElement} */ (el.firstElementChild));
    this.settings = settings;
    /** @type {Worker | null} */
    this.worker = null;
    this.told = 0;
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    /** @type {(action: string, work: () => void) => void} */
    const press = (action, work) =>
      this.find(`[data-do=${action}]`).addEventListener("click", work, { signal });
    press("train", () => (this.worker ? this.stop("Stopped.") : this.train()));
    press("random", () => this.pick());
    this.find("[name=setting]").addEventListener("change", () => this.showSeeds(), { signal });
    this.find("[name=run]").addEventListener("change", () => this.stop(""), { signal });
    const hide = () => this.worker?.postMessage({ command: document.hidden ? "pause" : "train" });
    document.addEventListener("visibilitychange", hide, { signal });
    this.showSeeds();
  }

  close() {
    this.worker?.terminate();
    this.leaving.abort();
  }

  get setting() {
    return this.settings[Number(this.find("[name=setting]").value)];
  }

  showSeeds() {
    this.find("[name=run]").innerHTML = options(this.setting.runs.map(([seed]) => String(seed)));
    this.stop("");
  }

  /** @returns {StoredRow} */
  get row() {
    const { changes, runs } = this.setting;
    const [seed, memorization, generalization, last] = runs[Number(this.find("[name=run]").value)];
    const settings = { ...PAPER, ...changes, seed: Number(seed), epochs: Number(last) };
    return { settings, memorization, generalization, last: Number(last) };
  }

  // Take one of all rows, each as likely, and train it.
  pick() {
    let place = Math.floor(Math.random() * this.settings.flatMap(({ runs }) => runs).length);
    const setting = this.settings.findIndex(({ runs }) => {
      if (place < runs.length) return true;
      place -= runs.length;
      return false;
    });
    this.find("[name=setting]").value = String(setting);
    this.showSeeds();
    this.find("[name=run]").value = String(place);
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
    this.worker.postMessage({ command: "wait", settings: row.settings });
    this.find("[data-do=train]").textContent = "Stop";
    this.hideFound();
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
    this.find(".gl-watch").hidden = inNotebook();
    this.find(".gl-watch a").setAttribute("href", `lab.html${writeAddress(row.settings)}`);
  }

  hideFound() {
    this.find("table").hidden = true;
    this.find(".gl-watch").hidden = true;
  }

  /** @type {(why: string) => void} */
  stop(why) {
    this.worker?.terminate();
    this.worker = null;
    this.find("[data-do=train]").textContent = "Recompute it";
    this.hideFound();
    this.say(why);
  }

  /** @type {(text: string) => void} */
  say(text) {
    this.find(".gl-status").textContent = text;
  }
}

export default {
  /** @type {(given: { model: { get(name: string): StoredSetting[] }, el: HTMLElement }) => () => void} */
  render({ model, el }) {
    const page = new RowPage(el, model.get("settings"));
    return () => page.close();
  },
};
