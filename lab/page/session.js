// What trains: a run, a second one beside it with a change on the way, or ten seeds. No page here.

import { needsWinners } from "../shared/change.js";
import { Runner } from "./run_in_worker.js";
import { RUNS, summary } from "./summary.js";
import { Repeat } from "./ten_seeds.js";

export class Session {
  // `told` is called after each report, `failed` with a sentence when a run stops by itself.
  constructor(told, failed) {
    Object.assign(this, { told, failed, first: null, second: null, repeat: null });
  }

  get runs() {
    return [this.first, this.second].filter(Boolean);
  }

  get running() {
    return this.runs.some((run) => run.running);
  }

  get finished() {
    return this.runs.length > 0 && this.runs.every((run) => run.finished);
  }

  // Whether every run has told how it begins.
  get ready() {
    return this.runs.length > 0 && this.runs.every(({ points }) => points.length > 0);
  }

  get lost() {
    return this.first === null || this.runs.some((run) => run.worker === null);
  }

  // Set up a plan from fresh weights; where only its change is new, the first run stays as it is.
  set(plan) {
    const text = JSON.stringify(plan.settings);
    const same = !this.lost && text === JSON.stringify(this.first.settings);
    this.endRepeat();
    for (const run of same ? [this.second].filter(Boolean) : this.runs) run.close();
    if (!same) this.first = this.newRun(plan.settings, null);
    this.second = plan.change && this.newRun(plan.settings, plan.change);
  }

  // Start over.
  renew(plan) {
    for (const run of this.runs) run.close();
    this.set(plan);
  }

  // Go on to another number of epochs, which changes who suffices at the end.
  extend(plan) {
    for (const run of this.runs) {
      run.settings = plan.settings;
      run.send(run.running ? "train" : "pause"); // it reports, so the axis is drawn anew
    }
    if (needsWinners(plan.change)) this.set(plan);
  }

  newRun(settings, change) {
    const told = (run) => this.receive(run), failed = (run, why) => this.fail(run, why);
    return new Runner(settings, change, told, failed);
  }

  receive(run) {
    const { first, second } = this;
    if (!this.runs.includes(run)) return;
    if (first.finished && second && needsWinners(second.change) && !second.given) {
      second.give(first.ranking.slice(0, first.sparsity));
    }
    this.told(run);
  }

  fail(run, why) {
    if (!this.runs.includes(run)) return;
    for (const other of this.runs) other.close();
    this.failed(`Stopped${this.second ? ` the ${RUNS[this.runs.indexOf(run)]} run` : ""}: ${why}.`);
  }

  send(command) {
    for (const run of this.runs) run.send(command);
  }

  // No reader, no work: stop while the page is hidden, go on when it shows again.
  hide(hidden) {
    const training = (run) => run.command === "train" && (run.running || run.waits);
    if (hidden) this.resume = this.runs.filter(training);
    for (const run of this.resume ?? []) run.send(hidden ? "pause" : "train");
    if (this.repeat?.running) this.repeat.send(hidden ? "pause" : "train");
  }

  startRepeat({ settings, change }) {
    this.send("pause");
    this.endRepeat();
    this.repeat = new Repeat(settings, change, () => this.told(null));
  }

  endRepeat() {
    this.repeat?.stop();
    this.repeat = null;
  }

  close() {
    this.endRepeat();
    for (const run of this.runs) run.close();
  }

  // The events of all runs, those of the second where they differ.
  events() {
    const names = { memorization: "memorized", generalization: "generalized", change: "changed" };
    const eventsOf = ({ events }, run) => Object.entries(events).map(([event, epoch]) => {
      const where = run && event !== "change" ? "there " : "";
      return { event, epoch, run, name: `${where}${names[event]}: ${epoch}` };
    });
    const shared = ({ event, epoch, run }) => run > 0 && epoch === this.first.events[event];
    return this.runs.flatMap(eventsOf).filter((event) => event.epoch !== null && !shared(event));
  }

  summary(guess) {
    return this.ready ? summary(this.first, this.second, this.running, guess)
      : "Drawing weights and examples.";
  }
}
