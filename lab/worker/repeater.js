// An experiment of one seed trained to its end; with a change, first undisturbed and then changed.

import { needsWinners } from "../shared/change.js";
import { Experiment } from "./experiment.js";
import { Turns } from "./turns.js";

export class Repeater {
  /**
   * @param {Plan & { seed: number }} given
   * @param {Post} post
   */
  constructor({ settings, change, seed }, post) {
    this.post = post;
    this.settings = { ...settings, seed };
    this.change = change;
    this.experiment = new Experiment(this.settings);
    /** @type {Ended[]} */
    this.done = [];
    this.going = true;
    this.told = 0;
    this.turns = new Turns(() => this.work());
    this.turns.take();
  }

  /** @type {(given: Message) => void} */
  receive({ command }) {
    this.going = command === "train";
    if (this.going) this.turns.take();
  }

  work() {
    try {
      return this.going && this.goOn();
    } catch (/** @type {any} */ error) {
      this.going = false;
      this.post({ seed: this.settings.seed, fault: String(error.message) });
      return false;
    }
  }

  goOn() {
    const { experiment, settings: { epochs, seed } } = this;
    if (experiment.run.epoch < epochs) {
      const ended = experiment.step();
      if (ended && performance.now() - this.told > 200) this.tell(seed, experiment.run.epoch);
      return true;
    }
    const { events } = experiment, { epoch, sparsity } = experiment.run.measure();
    const test = Float32Array.from(experiment.test), accuracy = experiment.test[epochs];
    this.done.push({ test, accuracy, events, epoch, sparsity });
    return this.next();
  }

  next() {
    if (this.change && this.done.length === 1) {
      const winners = needsWinners(this.change) ? this.experiment.winnersFor(this.change) : null;
      this.experiment = new Experiment(this.settings, this.change);
      if (winners) this.experiment.give(winners);
      return true;
    }
    this.going = false;
    this.post({ seed: this.settings.seed, runs: this.done });
    return false;
  }

  /** @type {(seed: number, epoch: number) => void} */
  tell(seed, epoch) {
    const all = (this.change ? 2 : 1) * this.settings.epochs;
    this.told = performance.now();
    this.post({ seed, share: (this.done.length * this.settings.epochs + epoch) / all });
  }
}
