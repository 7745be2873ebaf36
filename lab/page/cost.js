// What a plan costs, and the question that is put before anything runs.

import { number } from "./settings.js";
import { MOST_WORKERS } from "./ten_seeds.js";

/** @type {(given: Settings) => number} */
const stepsOf = ({ n_train, batch_size, epochs }) => epochs * Math.ceil(n_train / batch_size);

// Additions, up to a factor; each step also fills tables as long as a dozen samples.
/** @type {(s: Settings) => number} */
const workOf = (s) => (Math.min(s.batch_size, s.n_train) + 12) * (s.n_bits + 17) * s.width;

// Bytes: weights twice, activations and gradients, the examples, the norms of measured epochs.
/** @type {(s: Settings) => number} */
function memoryOf(s) {
  const measured = Math.min(s.epochs, 50) + 50 * Math.log(Math.max(1, s.epochs / 50));
  const numbers = 2 * (s.n_bits + 17) + 2 * Math.min(s.batch_size, s.n_train) + 64 + measured;
  return 8 * numbers * s.width + 2 * (s.n_train + s.n_test) * s.n_bits;
}

/** @type {(seconds: number) => string} */
function duration(seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${number(Math.round(seconds / 86400))} days`;
}

const LONG = 180; // seconds
const LARGE = 400e6; // bytes

// Return what a plan takes in steps, seconds and bytes, on as many seeds; two runs train at once.
/** @type {(
 *   given: Plan, seeds: number, secondsPerWork: number
 * ) => { steps: number, seconds: number, bytes: number }} */
function costOf({ settings, change }, seeds, secondsPerWork) {
  const runs = (change ? 2 : 1) * seeds;
  const together = seeds > 1 ? Math.min(seeds, MOST_WORKERS) : runs;
  const seconds = (stepsOf(settings) * workOf(settings) * secondsPerWork * runs) / together;
  return { steps: runs * stepsOf(settings), seconds, bytes: memoryOf(settings) * together };
}

// A question in the page; its buttons answer it, and until then nothing runs.
export class Question {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.accept = this.decline = () => {}; // what its buttons do
    this.accepted = this.asked = ""; // the plans, as text
    this.secondsPerWork = 4.5e-10; // until a run has shown this machine's own
  }

  /** @type {(
   *   text: string, yes: string, accept: () => void, decline: (() => void) | null
   * ) => string} */
  put(text, yes, accept, decline) {
    const [words, yesButton, noButton] = /** @type {HTMLCollectionOf<HTMLElement>} */ (
      this.box.children);
    this.accept = accept;
    this.decline = decline ?? accept;
    words.textContent = text;
    yesButton.textContent = yes;
    noButton.hidden = !decline;
    this.box.hidden = false;
    return text;
  }

  close() {
    this.box.hidden = true;
  }

  get open() {
    return !this.box.hidden;
  }

  // Return the question whether to pay, or "" where it costs little or was accepted before.
  /** @type {(plan: Plan, seeds: number) => string} */
  price(plan, seeds) {
    const { steps, seconds, bytes } = costOf(plan, seeds, this.secondsPerWork);
    const key = JSON.stringify([plan, seeds]);
    const pay = (seconds > LONG || bytes > LARGE) && key !== this.accepted;
    if (!pay) this.accepted = key; // not asked again when this machine proves slow
    this.asked = key;
    return pay ? `These settings take ${number(steps)} steps: about ${duration(seconds)} and `
      + `${number(bytes / 1e6)} MB of memory in this browser.` : "";
  }

  /** @type {(given: Runner) => void} */
  learn({ busy, steps, settings }) {
    if (busy > 1000) this.secondsPerWork = busy / 1000 / steps / workOf(settings);
  }
}
