// The same experiment over ten seeds, in as many workers as the machine has cores less one.

import { newWorker, reason } from "./run_in_worker.js";
import { counted } from "./summary.js";

export const N_SEEDS = 10;
const CORES = navigator.hardwareConcurrency || 2;
export const MOST_WORKERS = Math.max(1, Math.min(N_SEEDS, CORES - 1));

export class Repeat {
  // `told` is called after each report.
  /**
   * @param {Settings} settings
   * @param {Change | null} change
   * @param {() => void} told
   */
  constructor(settings, change, told) {
    this.settings = settings;
    this.change = change;
    this.told = told;
    /** @type {SeedReport[]} */
    this.results = []; // of the seeds that have ended
    /** @type {Map<number, number>} */
    this.shares = new Map(); // done of each seed
    this.stopped = false;
    const first = Math.min(settings.seed, Number.MAX_SAFE_INTEGER - N_SEEDS + 1);
    this.seeds = Array.from({ length: N_SEEDS }, (_, i) => first + i);
    this.queue = [...this.seeds];
    this.workers = Array.from({ length: MOST_WORKERS }, () => this.hire());
  }

  hire() {
    const worker = newWorker();
    worker.onmessage = ({ data }) => this.receive(worker, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.receive(worker, { seed: Number(worker.seed), fault: reason(event) });
    };
    this.next(worker);
    return worker;
  }

  /** @type {(worker: SeedWorker) => void} */
  next(worker) {
    const { settings, change } = this;
    worker.seed = this.queue.shift();
    if (worker.seed === undefined) worker.terminate();
    else worker.postMessage({ command: "repeat", settings, change, seed: worker.seed });
  }

  /** @type {(worker: SeedWorker, more: SeedReport) => void} */
  receive(worker, { seed, share, runs, fault }) {
    if (this.stopped) return;
    if (share !== undefined) this.shares.set(seed, share);
    else {
      this.shares.set(seed, 1);
      this.results.push({ seed, runs, fault });
      this.results.sort((a, b) => a.seed - b.seed);
      this.next(worker);
    }
    this.told();
  }

  /** @type {(command: Message["command"]) => void} */
  send(command) {
    for (const worker of this.workers) worker.postMessage({ command });
  }

  stop() {
    this.stopped = true;
    for (const worker of this.workers) worker.terminate();
  }

  get finished() {
    return this.results.length === N_SEEDS;
  }

  get running() {
    return !this.stopped && !this.finished;
  }

  get progress() {
    return [...this.shares.values()].reduce((a, b) => a + b, 0) / N_SEEDS;
  }

  // The runs of one kind over seeds: 0 undisturbed, 1 changed.
  /** @type {(kind: number) => (Ended & { seed: number })[]} */
  runs(kind) {
    const done = this.results.filter(({ fault }) => !fault);
    return done.flatMap(({ seed, runs }) => (runs ? [{ seed, ...runs[kind] }] : []));
  }

  summary() {
    const kinds = this.change ? ["Undisturbed", "Changed"] : ["In all"];
    const told = kinds.map((name, kind) => {
      const epochs = this.runs(kind).map((run) => run.events.generalization ?? Infinity);
      const found = epochs.filter(Number.isFinite).length, middle = quantile(epochs, 0.5);
      const median = Number.isFinite(middle) ? `, half of all by epoch ${middle}` : "";
      return ` ${name}: ${found} of ${counted(epochs.length, "seed")} generalized${median}.`;
    });
    const faults = this.results.filter(({ fault }) => fault)
      .map(({ seed, fault }) => ` Seed ${seed} stopped: ${fault}.`);
    const state = this.finished ? "Done" : this.stopped ? "Stopped" : "Repeating";
    const count = this.results.length, seen = count > faults.length ? told.join("") : "";
    return `${state}: ${count} of ${N_SEEDS} seeds.${seen}${faults.join("")}`;
  }
}

// Return the least value that at least a share of the values does not exceed.
/** @type {(values: Iterable<number>, share: number) => number} */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
