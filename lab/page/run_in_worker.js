// An experiment in a worker of its own, and what it has told so far.

import { WORKER_SOURCE } from "../shared/given.js";

let workerUrl = null;
export function newWorker() {
  workerUrl ??= URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" }));
  return new Worker(workerUrl);
}

export const reason = ({ message }) =>
  message?.replace(/^Uncaught \w*: /, "") || "the worker could not start";

export class Runner {
  // `told` is called with the runner after each report, `failed` with it and the reason.
  constructor(settings, change, told, failed) {
    Object.assign(this, { settings, change, points: [] });
    Object.assign(this, { running: false, waits: false, digest: null }); // as the worker reports
    this.worker = newWorker();
    this.worker.onmessage = ({ data }) => this.worker && this.receive(data, told);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.close();
      failed(this, reason(event));
    };
    this.worker.postMessage({ command: "start", settings, change });
  }

  receive({ points, ...report }, told) {
    for (const point of points) {
      point.largest = point.norms.reduce((a, b) => Math.max(a, b));
      if (this.points.at(-1)?.epoch === point.epoch) this.points.pop(); // changed since
      this.points.push(point);
    }
    Object.assign(this, report);
    told(this);
  }

  // Ask for "train" (to the last epoch), "epoch" (one), "pause" or, once drawn, for a report.
  send(command) {
    this.command = command;
    this.worker?.postMessage({ command, epochs: this.settings.epochs });
  }

  drawn() {
    this.worker?.postMessage({ command: "drawn" });
  }

  give(winners) {
    this.given = true;
    this.worker?.postMessage({ command: "winners", winners });
  }

  close() {
    this.worker?.terminate();
    this.worker = null;
    this.running = false;
  }

  get epoch() {
    return this.points.at(-1)?.epoch ?? 0;
  }

  get finished() {
    return this.points.length > 0 && this.epoch >= this.settings.epochs && !this.waits;
  }
}
