// A run followed until it has memorized and generalized, as a row of the table law_waits: from
// epoch 1 on, or until its last epoch (experiments/tables/waited.py).

import { THRESHOLD } from "../shared/given.js";
import { EXAMINED } from "./measure.js";
import { newRun } from "./new_run.js";
import { chunksOf } from "./signed_sums.js";
import { Turns } from "./turns.js";

const OFTEN = 100; // milliseconds between two reports

export class Waiter {
  /**
   * @param {{ settings: Settings }} given
   * @param {Post} post
   */
  constructor({ settings }, post) {
    this.settings = settings;
    this.post = post;
    this.run = newRun(settings);
    /** @type {Wait["events"]} */
    this.events = { memorization: null, generalization: null };
    this.told = 0;
    this.going = true;
    this.turns = new Turns(() => this.work());
    this.turns.take();
  }

  /** @type {(given: Message) => void} */
  receive({ command }) {
    this.going = command === "train";
    if (this.going) this.turns.take();
  }

  get done() {
    const { events, run, settings } = this;
    return run.epoch >= settings.epochs || Object.values(events).every((epoch) => epoch !== null);
  }

  work() {
    if (!this.going || this.done) return false;
    this.run.step();
    if (this.run.position > 0) return true;
    this.look();
    if (this.done || performance.now() - this.told > OFTEN) {
      this.told = performance.now();
      this.post({ epoch: this.run.epoch, events: this.events, done: this.done });
    }
    return !this.done;
  }

  look() {
    const { events, run } = this;
    if (events.memorization === null && learned(run, "train")) events.memorization = run.epoch;
    if (events.generalization === null && learned(run, "test")) events.generalization = run.epoch;
  }
}

// Whether more than the threshold of a split is right. It ends where too many are wrong for that,
// which changes no answer: most epochs of a long wait look at some hundred inputs.
/** @type {(run: Run, split: Split) => boolean} */
export function learned(run, split) {
  const { hidden, readout, rows, kernels, scratch } = run;
  const { signs, labels, count } = run.splits[split];
  const width = readout.length, chunks = chunksOf(rows);
  let wrong = 0;
  for (let first = 0; first < count; first += EXAMINED) {
    const size = Math.min(EXAMINED, count - first);
    const block = signs.subarray(first * chunks, (first + size) * chunks);
    kernels.addSigned(scratch, size, 0, hidden, rows, block, width);
    for (let s = 0; s < size; s++) {
      wrong += labels[first + s] * kernels.output(scratch, s * width, readout) > 0 ? 0 : 1;
    }
    if ((count - wrong) / count <= THRESHOLD) return false;
  }
  return true;
}
