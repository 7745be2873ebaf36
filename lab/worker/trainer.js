// An experiment trained while the page looks on, and what is told of it.

import { Experiment } from "./experiment.js";
import { Turns } from "./turns.js";

const HEAT_ROWS = 48; // neurons whose weights are shown

// Epochs at which to measure: all at first, later those about 2 % apart, since the page's epoch
// axis is logarithmic. Measuring changes no weight.
/** @type {(epoch: number) => boolean} */
export const isMeasured = (epoch) => epoch % (1 + Math.floor(epoch / 50)) === 0;

// One experiment, drawn as it goes.
export class Trainer {
  /**
   * @param {Plan} given
   * @param {Post} post
   */
  constructor({ settings, change }, post) {
    this.experiment = new Experiment(settings, change, isMeasured);
    this.post = post;
    this.target = 0; // the epoch to stop after
    /** @type {Omit<Point, "largest">[]} */
    this.points = []; // measured and not yet reported
    this.reading = true; // whether the page has drawn the last report
    /** @type {Largest | null} */
    this.largest = null; // asked for and not yet reported
    this.steps = this.busy = this.reported = 0;
    this.turns = new Turns(() => this.work());
    this.latest = this.measure();
    this.report();
  }

  /** @type {(given: Message) => void} */
  receive({ command, epochs, winners, change }) {
    if (command === "drawn") return void (this.reading = true);
    if (command === "largest" && change) {
      this.largest = { share: Number(change.to), places: this.experiment.winnersFor(change) };
    }
    if (command === "winners" && winners) this.give(winners);
    if (command === "train" && epochs) this.target = epochs;
    if (command === "epoch") this.target = this.experiment.run.epoch + 1;
    if (command === "pause") this.target = -1;
    if (this.running) this.turns.take();
    this.report();
  }

  /** @type {(winners: Neurons) => void} */
  give(winners) {
    const changes = this.experiment.waits;
    this.experiment.give(winners);
    if (changes) this.latest = this.measure();
  }

  get running() {
    return this.experiment.run.epoch < this.target && !this.experiment.waits;
  }

  work() {
    if (!this.running) return false;
    const { experiment } = this, start = performance.now();
    const ended = experiment.step();
    this.steps += 1;
    const shown = this.isTurningPoint || isMeasured(experiment.run.epoch) || !this.running;
    if (ended && shown) this.latest = this.measure();
    this.busy += performance.now() - start;
    if (!this.running || (this.reading && performance.now() - this.reported > 100)) this.report();
    return this.running;
  }

  get isTurningPoint() {
    return Object.values(this.experiment.events).includes(this.experiment.run.epoch);
  }

  measure() {
    const measured = this.experiment.measure(), { epoch, train, test, sparsity, norms } = measured;
    this.points.push({ epoch, train, test, sparsity, norms: Float32Array.from(norms) });
    return measured;
  }

  report() {
    const { points, steps, busy, running, largest, latest: { ranking, sparsity } } = this;
    const { events, neurons, waits, run } = this.experiment;
    const digest = running || run.position > 0 ? null : this.experiment.digest();
    const state = { events, neurons, waits, steps, busy, running, digest, largest };
    this.post({ points, ranking, sparsity, heat: this.heat(ranking), ...state });
    this.points = [];
    this.largest = null;
    this.reading = false;
    this.reported = performance.now();
  }

  // The weights on the bits of the neurons with the largest norms, (neuron, bit).
  /** @type {(ranking: Neurons) => Float32Array<ArrayBuffer>} */
  heat(ranking) {
    const { run, names, settings: { n_bits: n } } = this.experiment, width = run.readout.length;
    /** @type {(name: number) => number} */
    const place = names === null ? (name) => name : (name) => names.indexOf(name);
    const places = [...ranking.subarray(0, HEAT_ROWS)].map(place);
    return Float32Array.from({ length: places.length * n }, (_, i) =>
      run.hidden[(i % n) * width + places[Math.floor(i / n)]]);
  }
}
