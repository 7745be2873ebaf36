// An experiment in a worker of its own, and what it has told so far.

import { WORKER_SOURCE } from "../shared/given.js";

let workerUrl = "";
/** @returns {SeedWorker} */
export function newWorker() {
  workerUrl ||= WORKER_SOURCE
    ? URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" }))
    : new URL("worker.js", import.meta.url).href; // where the lab is files (lab/__init__.py)
  return new Worker(workerUrl);
}

/** @type {(given: ErrorEvent) => string} */
export const reason = ({ message }) =>
  message?.replace(/^Uncaught \w*: /, "") || "the worker could not start";

export class Runner {
  // `told` is called with the runner after each report, `failed` with it and the reason.
  /**
   * @param {Settings} settings
   * @param {Change | null} change
   * @param {(run: Runner) => void} told
   * @param {(run: Runner, why: string) => void} failed
   */
  constructor(settings, change, told, failed) {
    this.settings = settings;
    this.change = change;
    this.command = ""; // the last one sent
    this.given = false; // whether it was told which neurons suffice
    /** @type {Point[]} */
    this.points = [];
    // As the worker reports:
    this.running = this.waits = false;
    this.steps = this.busy = this.sparsity = 0;
    /** @type {string | null} */
    this.digest = null;
    /** @type {Events} */
    this.events = { memorization: null, generalization: null, change: null };
    /** @type {Neurons | null} */
    this.neurons = null;
    /** @type {Largest | null} */
    this.largest = null;
    this.ranking = new Uint32Array();
    this.heat = new Float32Array();
    const worker = newWorker();
    /** @type {Worker | null} */
    this.worker = worker;
    worker.onmessage = ({ data }) => this.worker && this.receive(data, told);
    worker.onerror = (event) => {
      event.preventDefault();
      this.close();
      failed(this, reason(event));
    };
    worker.postMessage({ command: "start", settings, change });
  }

  /** @type {(report: Report, told: (run: Runner) => void) => void} */
  receive(report, told) {
    for (const point of report.points) {
      const largest = point.norms.reduce((a, b) => Math.max(a, b));
      if (this.points.at(-1)?.epoch === point.epoch) this.points.pop(); // changed since
      this.points.push({ ...point, largest });
    }
    this.running = report.running;
    this.waits = report.waits;
    this.steps = report.steps;
    this.busy = report.busy;
    this.sparsity = report.sparsity;
    this.digest = report.digest;
    this.events = report.events;
    this.neurons = report.neurons;
    this.largest = report.largest;
    this.ranking = report.ranking;
    this.heat = report.heat;
    told(this);
  }

  // Ask for "train" (to the last epoch), "epoch" (one), "pause" or, once drawn, for a report.
  /** @type {(command: Message["command"]) => void} */
  send(command) {
    this.command = command;
    this.worker?.postMessage({ command, epochs: this.settings.epochs });
  }

  drawn() {
    this.worker?.postMessage({ command: "drawn" });
  }

  // Ask for the largest weights, as a change needs them; the next report has them.
  /** @type {(change: Change) => void} */
  askLargest(change) {
    this.worker?.postMessage({ command: "largest", change });
  }

  /** @type {(winners: Neurons) => void} */
  give(winners) {
    this.given = true;
    this.worker?.postMessage({ command: "winners", winners });
  }

  close() {
    this.worker?.terminate();
    this.worker = null;
    this.running = false;
  }

  // What was measured last; there is one once the worker has reported.
  get latest() {
    return this.points[this.points.length - 1];
  }

  get epoch() {
    return this.points.at(-1)?.epoch ?? 0;
  }

  get finished() {
    return this.points.length > 0 && this.epoch >= this.settings.epochs && !this.waits;
  }
}
