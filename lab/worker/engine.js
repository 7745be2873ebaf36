// The engine of the live lab: what grokutils.parity.engine does, in float64, for a Web Worker.

import { inOneMemory } from "./kernels.js";
import { examine, EXAMINED, ranked, weightNorms } from "./measure.js";
import { CHUNK, chunksOf } from "./signed_sums.js";

// A run: the weights, the examples, and where training stands.
//
// hidden: (bit + 1, neuron), the last row the bias; readout: (neuron). Examples are
// { signs, labels, count } as from `packed`. `nextOrder` returns the samples in the order in
// which the coming epoch visits them. All is copied into the run's own memory.
export class Run {
  /**
   * @param {EngineSettings} settings
   * @param {RunParts} more
   */
  constructor(settings, { hidden, readout, train, test, nextOrder }) {
    const { nBits, width } = settings;
    this.settings = settings;
    this.rows = nBits + 1;
    this.nextOrder = nextOrder;
    this.epoch = 0;
    this.sparsity = width; // when last measured
    this.position = 0; // samples of the present epoch already seen
    this.order = new Uint32Array(); // of the samples in the present epoch
    const { arrays, kernels } = inOneMemory(this.parts(train, test));
    const { trainSigns, testSigns } = arrays;
    this.kernels = kernels;
    this.hidden = arrays.hidden;
    this.readout = arrays.readout;
    this.active = arrays.active; // W x + b, (sample, neuron)
    this.gradient = arrays.gradient;
    this.scratch = arrays.scratch;
    this.batchSigns = arrays.batchSigns;
    this.columnSigns = arrays.columnSigns;
    trainSigns.set(train.signs);
    testSigns.set(test.signs);
    this.splits = { train: { ...train, signs: trainSigns }, test: { ...test, signs: testSigns } };
    this.hidden.set(hidden.subarray(0, this.rows * width)); // below them, rows of zeros
    this.readout.set(readout);
  }

  // The arrays of a run, by name.
  /**
   * @param {Examples} train
   * @param {Examples} test
   */
  parts(train, test) {
    const { rows, settings: { width, batchSize } } = this, size = Math.min(batchSize, train.count);
    /** @type {(count: number) => [Float64ArrayConstructor, number]} */
    const numbers = (count) => [Float64Array, count * width];
    /** @type {(count: number, columns: number) => [Uint16ArrayConstructor, number]} */
    const signs = (count, columns) => [Uint16Array, count * chunksOf(columns)];
    return {
      hidden: numbers(CHUNK * chunksOf(rows)),
      readout: numbers(1),
      active: numbers(size),
      gradient: numbers(CHUNK * chunksOf(size)),
      scratch: numbers(EXAMINED),
      batchSigns: signs(size, rows),
      columnSigns: signs(rows, size),
      trainSigns: signs(train.count, rows),
      testSigns: signs(test.count, rows),
    };
  }

  // One step of SGD; the last batch of an epoch is smaller.
  step() {
    const { train } = this.splits;
    if (this.position === 0) this.order = this.nextOrder();
    const end = Math.min(this.position + this.settings.batchSize, train.count);
    const batch = this.order.subarray(this.position, end);
    const below = this.forward(batch);
    this.backward(batch, below);
    this.position = end === train.count ? 0 : end;
    if (this.position > 0) return;
    this.epoch += 1;
    if (!this.readout.every(Number.isFinite) || !this.hidden.every(Number.isFinite)) {
      throw new RangeError(`weights are not finite after epoch ${this.epoch}`);
    }
  }

  // Compute W x + b; return the places in the batch of the samples with a margin below 1. The
  // others have no gradient: late in training, most.
  /** @type {(batch: Neurons) => number[]} */
  forward(batch) {
    const { active, readout, batchSigns } = this;
    const { signs, labels } = this.splits.train;
    const width = this.settings.width, chunks = chunksOf(this.rows);
    batch.forEach((sample, s) => {
      for (let c = 0; c < chunks; c++) batchSigns[s * chunks + c] = signs[sample * chunks + c];
    });
    this.kernels.addSigned(active, batch.length, 0, this.hidden, this.rows, batchSigns, width);
    const below = [];
    for (let s = 0; s < batch.length; s++) {
      if (labels[batch[s]] * this.kernels.output(active, s * width, readout) < 1) below.push(s);
    }
    return below;
  }

  // Step against the gradient of the batch's mean hinge loss, with weight decay on everything.
  /** @type {(batch: Neurons, below: number[]) => void} */
  backward(batch, below) {
    const { width, lr, weightDecay } = this.settings;
    const { active, gradient, hidden, readout, rows, kernels } = this;
    const decay = 1 - lr * weightDecay;
    const moves = below.map((s) => (lr * this.splits.train.labels[batch[s]]) / batch.length);
    below.forEach((s, row) =>
      kernels.mask(gradient, row * width, active, s * width, readout, moves[row]));
    gradient.fill(0, below.length * width, CHUNK * chunksOf(below.length) * width);
    kernels.scale(readout, width, decay);
    below.forEach((s, row) => kernels.addActive(readout, active, s * width, moves[row]));
    if (below.length === 0) kernels.scale(hidden, rows * width, decay);
    else {
      this.signsByBit(below);
      kernels.addSigned(hidden, rows, decay, gradient, below.length, this.columnSigns, width);
    }
  }

  // Transpose the signs of the samples `below`: from (sample, bit) to (bit, sample).
  /** @type {(below: number[]) => void} */
  signsByBit(below) {
    const { batchSigns, columnSigns, rows } = this;
    const chunks = chunksOf(rows), columns = chunksOf(below.length);
    columnSigns.fill(0, 0, rows * columns);
    below.forEach((s, column) => {
      for (let bit = 0; bit < rows; bit++) {
        const sign = (batchSigns[s * chunks + (bit >> 4)] >> (bit & 15)) & 1;
        columnSigns[bit * columns + (column >> 4)] |= sign << (column & 15);
      }
    });
  }

  // Loss and accuracy of both splits, the neurons' norms and ranking, the effective sparsity.
  /** @returns {Measured} */
  measure() {
    const { width, nBits } = this.settings;
    const norms = weightNorms(this.hidden, nBits, width);
    const ranking = ranked(norms);
    const test = examine(this, "test"), likely = 2 * this.sparsity + 64; // it changes slowly
    let train = examine(this, "train", ranking, Math.min(likely, width));
    if (train.sparsity === undefined) train = examine(this, "train", ranking, width);
    this.sparsity = train.sparsity ?? width;
    return { epoch: this.epoch, norms, ranking, train, test, sparsity: this.sparsity };
  }
}

// Pack inputs (sample, bit) of -1 and +1 into one integer per 16 bits; the bit after the last
// is the bias's and always +1.
/** @type {(inputs: ArrayLike<number>, nBits: number, labels: Examples["labels"]) => Examples} */
export function packed(inputs, nBits, labels) {
  const count = labels.length, chunks = chunksOf(nBits + 1);
  const signs = new Uint16Array(count * chunks);
  for (let s = 0; s < count; s++) {
    for (let bit = 0; bit <= nBits; bit++) {
      const sign = bit === nBits || inputs[s * nBits + bit] > 0 ? 1 : 0;
      signs[s * chunks + (bit >> 4)] |= sign << (bit & 15);
    }
  }
  return { signs, labels, count };
}
