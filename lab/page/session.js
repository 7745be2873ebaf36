// What trains: a run, a second one beside it with a change on the way, or ten seeds. No page here.

import { changesWeights, needsWinners } from "../shared/change.js";
import { Runner } from "./run_in_worker.js";
import { RUNS, summary } from "./summary.js";
import { Repeat } from "./ten_seeds.js";

export class Session {
  // `told` is called after each report, `failed` with a sentence when a run stops by itself.
  /**
   * @param {(run: Runner | null) => void} told
   * @param {(why: string) => void} failed
   */
  constructor(told, failed) {
    this.told = told;
    this.failed = failed;
    /** @type {Runner | null} */
    this.first = null;
    /** @type {Runner | null} */
    this.second = null;
    /** @type {Repeat | null} */
    this.repeat = null;
    /** @type {Runner[]} */
    this.paused = []; // those that go on when the page shows again
  }

  get runs() {
    return [this.first, this.second].filter((run) => run !== null);
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
  /** @type {(plan: Plan) => void} */
  set(plan) {
    const text = JSON.stringify(plan.settings);
    const same = !this.lost && text === JSON.stringify(this.first?.settings);
    this.endRepeat();
    for (const run of this.runs) if (!same || run === this.second) run.close();
    if (!same) this.first = this.newRun(plan.settings, null);
    this.second = plan.change && this.newRun(plan.settings, plan.change);
  }

  // Start over.
  /** @type {(plan: Plan) => void} */
  renew(plan) {
    for (const run of this.runs) run.close();
    this.set(plan);
  }

  // Go on to another number of epochs, which changes who suffices at the end.
  /** @type {(plan: Plan) => void} */
  extend(plan) {
    for (const run of this.runs) {
      run.settings = plan.settings;
      run.send(run.running ? "train" : "pause"); // it reports, so the axis is drawn anew
    }
    if (needsWinners(plan.change)) this.set(plan);
  }

  /** @type {(settings: Settings, change: Change | null) => Runner} */
  newRun(settings, change) {
    return new Runner(
      settings, change, (run) => this.receive(run), (run, why) => this.fail(run, why),
    );
  }

  /** @type {(run: Runner) => void} */
  receive(run) {
    const { first, second } = this;
    if (!this.runs.includes(run)) return;
    if (first?.finished && second && needsWinners(second.change) && !second.given) {
      this.giveWinners(first, second);
    }
    this.told(run);
  }

  // Let the second run know who won the first; the largest weights are asked for.
  /** @type {(first: Runner, second: Runner) => void} */
  giveWinners(first, second) {
    const change = /** @type {Change} */ (second.change), { largest, ranking, sparsity } = first;
    if (!changesWeights(change)) second.give(ranking.slice(0, sparsity));
    else if (largest !== null && largest.share === change.to) second.give(largest.places);
    else first.askLargest(change);
  }

  /** @type {(run: Runner, why: string) => void} */
  fail(run, why) {
    if (!this.runs.includes(run)) return;
    for (const other of this.runs) other.close();
    this.failed(`Stopped${this.second ? ` the ${RUNS[this.runs.indexOf(run)]} run` : ""}: ${why}.`);
  }

  /** @type {(command: Message["command"]) => void} */
  send(command) {
    for (const run of this.runs) run.send(command);
  }

  // No reader, no work: stop while the page is hidden, go on when it shows again.
  /** @type {(hidden: boolean) => void} */
  hide(hidden) {
    /** @type {(run: Runner) => boolean} */
    const training = (run) => run.command === "train" && (run.running || run.waits);
    if (hidden) this.paused = this.runs.filter(training);
    for (const run of this.paused) run.send(hidden ? "pause" : "train");
    if (this.repeat?.running) this.repeat.send(hidden ? "pause" : "train");
  }

  /** @type {(given: Plan) => void} */
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
    /** @type {ChartData["events"]} */
    const found = [];
    this.runs.forEach(({ events }, run) => {
      for (const event of /** @type {(keyof Events)[]} */ (Object.keys(events))) {
        const epoch = events[event], who = run && event !== "change" ? "the changed run " : "";
        if (epoch === null || (run > 0 && epoch === this.first?.events[event])) continue;
        found.push({ epoch, run, name: `${who}${names[event]} at ${epoch}` });
      }
    });
    return found;
  }

  /** @type {(guess: string | null) => string} */
  summary(guess) {
    const { first, second, running, ready } = this;
    if (!first || !ready) return "Drawing weights and examples.";
    return summary(first, /** @type {Changed | null} */ (second), running, guess);
  }
}
