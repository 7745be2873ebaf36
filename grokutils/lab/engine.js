// The engine of the live lab: what grokutils.parity.engine does, in float64, for a Web Worker.
//
// Every entry of an input is -1 or +1, so a sum over four of them takes one of only 16 values.
// Both matrix products of a step are therefore done by looking such sums up: 16 columns at a
// time, whose signs are the 16 bits of one integer. Every sum is taken in the order that
// grokutils/parity/kernels.py writes down, so all numbers are equal to Python's, bit by bit.
"use strict";

const CHUNK = 16; // columns whose signs share one integer: four lookups of four columns
const BLOCK = 32; // neurons whose tables fit into the processor's first cache
const TOGETHER = 3; // chunks in one pass: 48 columns, enough for the paper's 40 bits and bias
const LANES = 128; // neuron j goes into lane j mod 128 of a sum over neurons
const lanes = new Float64Array(LANES);
const table = new Float64Array(TOGETHER * 4 * 16 * BLOCK);

const chunksOf = (columns) => Math.ceil(columns / CHUNK);

// For a block of neurons and some four rows of `source` each, write the 16 signed sums of the four.
function fillTable(chunk, fours, source, row, first, block, width) {
  for (let four = 0; four < fours; four++) {
    const at = (row + 4 * four) * width + first;
    for (let j = 0; j < block; j++) {
      const a = source[at + j];
      const b = source[at + width + j];
      const c = source[at + 2 * width + j];
      const d = source[at + 3 * width + j];
      const plus = a + b, minus = a - b, Plus = c + d, Minus = c - d;
      let to = (4 * chunk + four) * 16 * BLOCK + j; // bit 0 of the place is the sign of a, bit 3 that of d
      table[to] = -plus - Plus;
      table[(to += BLOCK)] = minus - Plus;
      table[(to += BLOCK)] = -minus - Plus;
      table[(to += BLOCK)] = plus - Plus;
      table[(to += BLOCK)] = -plus + Minus;
      table[(to += BLOCK)] = minus + Minus;
      table[(to += BLOCK)] = -minus + Minus;
      table[(to += BLOCK)] = plus + Minus;
      table[(to += BLOCK)] = -plus - Minus;
      table[(to += BLOCK)] = minus - Minus;
      table[(to += BLOCK)] = -minus - Minus;
      table[(to += BLOCK)] = plus - Minus;
      table[(to += BLOCK)] = -plus + Plus;
      table[(to += BLOCK)] = minus + Plus;
      table[(to += BLOCK)] = -minus + Plus;
      table[(to += BLOCK)] = plus + Plus;
    }
  }
}

// out[r, :] = scale * out[r, :] + sum over c of sign[r, c] * source[c, :], neurons innermost: the
// sums of 16 are added one after the other, each a balanced tree. `source` has zero rows up to a
// multiple of 16, whose signs do not matter.
function addSigned(out, rows, scale, source, columns, signs, width) {
  const chunks = chunksOf(columns), fours = columns <= 4 ? 1 : 4;
  for (let first = 0; first < width; first += BLOCK) {
    const block = Math.min(BLOCK, width - first);
    for (let chunk = 0, count; chunk < chunks; chunk += count) {
      count = chunks - chunk < TOGETHER ? 1 : TOGETHER;
      for (let c = 0; c < count; c++) {
        fillTable(c, fours, source, CHUNK * (chunk + c), first, block, width);
      }
      const keep = chunk === 0 ? scale : 1;
      for (let r = 0; r < rows; r++) {
        const at = r * width + first, s = r * chunks + chunk;
        if (fours === 1) lookUpFour(out, at, block, keep, signs[s]);
        else if (count === 1) lookUp1(out, at, block, keep, signs[s]);
        else lookUp3(out, at, block, keep, signs[s], signs[s + 1], signs[s + 2]);
      }
    }
  }
}

// Where in the table the sums for four of the 16 bits begin.
const place = (chunk, four, bits) => (64 * chunk + 16 * four + ((bits >> (4 * four)) & 15)) * BLOCK;

// One chunk, of which three fours are 0: late in training, few samples of a batch have a gradient.
function lookUpFour(out, at, block, keep, p) {
  const a = place(0, 0, p);
  for (let j = 0; j < block; j++) out[at + j] = keep * out[at + j] + table[a + j];
}

// One chunk, or three in one pass, which reads and writes `out` a third as often.
function lookUp1(out, at, block, keep, p) {
  const a = place(0, 0, p), b = place(0, 1, p), c = place(0, 2, p), d = place(0, 3, p);
  for (let j = 0; j < block; j++) {
    const sum = table[a + j] + table[b + j] + (table[c + j] + table[d + j]);
    out[at + j] = keep * out[at + j] + sum;
  }
}

function lookUp3(out, at, block, keep, p, q, r) {
  const a = place(0, 0, p), b = place(0, 1, p), c = place(0, 2, p), d = place(0, 3, p);
  const e = place(1, 0, q), f = place(1, 1, q), g = place(1, 2, q), h = place(1, 3, q);
  const i = place(2, 0, r), k = place(2, 1, r), l = place(2, 2, r), m = place(2, 3, r);
  for (let j = 0; j < block; j++) {
    const low = table[a + j] + table[b + j] + (table[c + j] + table[d + j]);
    const middle = table[e + j] + table[f + j] + (table[g + j] + table[h + j]);
    const high = table[i + j] + table[k + j] + (table[l + j] + table[m + j]);
    out[at + j] = keep * out[at + j] + low + middle + high;
  }
}

// A run: the weights, the examples, and where training stands.
//
// hidden: (bit + 1, neuron), the last row the bias; readout: (neuron). Examples are
// { signs, labels, count } as from `packed`. `nextOrder` returns the samples in the order in
// which the coming epoch visits them. Weights are changed in place.
class Run {
  constructor(settings, { hidden, readout, train, test, nextOrder }) {
    const { nBits, width } = settings;
    this.settings = settings;
    this.rows = nBits + 1;
    this.hidden = withZeroRows(hidden, this.rows, width);
    this.readout = readout;
    this.splits = { train, test };
    this.nextOrder = nextOrder;
    this.epoch = 0;
    this.sparsity = width; // when last measured
    this.position = 0; // samples of the present epoch already seen
    const size = Math.min(settings.batchSize, train.count);
    this.active = new Float64Array(size * width); // W x + b, (sample, neuron)
    this.gradient = new Float64Array(CHUNK * chunksOf(size) * width);
    this.batchSigns = new Uint16Array(size * chunksOf(this.rows));
    this.columnSigns = new Uint16Array(this.rows * chunksOf(size));
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
  forward(batch) {
    const { active, readout, batchSigns } = this;
    const { signs, labels } = this.splits.train;
    const width = this.settings.width, chunks = chunksOf(this.rows);
    batch.forEach((sample, s) => {
      for (let c = 0; c < chunks; c++) batchSigns[s * chunks + c] = signs[sample * chunks + c];
    });
    addSigned(active, batch.length, 0, this.hidden, this.rows, batchSigns, width);
    const below = [];
    for (let s = 0; s < batch.length; s++) {
      if (labels[batch[s]] * output(active, s * width, readout) < 1) below.push(s);
    }
    return below;
  }

  // Step against the gradient of the batch's mean hinge loss, with weight decay on everything.
  backward(batch, below) {
    const { width, lr, weightDecay } = this.settings;
    const { active, gradient, readout, rows } = this;
    const decay = 1 - lr * weightDecay;
    const moves = below.map((s) => (lr * this.splits.train.labels[batch[s]]) / batch.length);
    below.forEach((s, row) => maskedRow(gradient, row, active, s, readout, moves[row], width));
    gradient.fill(0, below.length * width, CHUNK * chunksOf(below.length) * width);
    for (let j = 0; j < width; j++) readout[j] *= decay;
    below.forEach((s, row) => addActive(readout, active, s, moves[row], width));
    if (below.length === 0) {
      for (let i = 0; i < rows * width; i++) this.hidden[i] *= decay;
    } else {
      this.signsByBit(below);
      addSigned(this.hidden, rows, decay, gradient, below.length, this.columnSigns, width);
    }
  }

  // Transpose the signs of the samples `below`: from (sample, bit) to (bit, sample).
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
  measure() {
    const { width, nBits } = this.settings;
    const norms = weightNorms(this.hidden, nBits, width);
    const ranking = ranked(norms);
    const test = examine(this, "test"), likely = 2 * this.sparsity + 64; // it changes slowly
    let train = examine(this, "train", ranking, Math.min(likely, width));
    if (train.sparsity === undefined) train = examine(this, "train", ranking, width);
    this.sparsity = train.sparsity;
    return { epoch: this.epoch, norms, ranking, train, test, sparsity: train.sparsity };
  }
}

// Without a branch, which the processor would mispredict for half of the neurons.
const relu = (a) => 0.5 * (a + Math.abs(a));

// f of a sample: the sum over its neurons, lane by lane, then the lanes in pairs.
function output(active, at, readout) {
  const width = readout.length;
  for (let l = 0; l < LANES; l++) {
    let sum = 0;
    for (let j = l; j < width; j += LANES) sum += relu(active[at + j]) * readout[j];
    lanes[l] = sum;
  }
  for (let half = LANES / 2; half >= 1; half /= 2) {
    for (let l = 0; l < half; l++) lanes[l] += lanes[l + half];
  }
  return lanes[0];
}

function maskedRow(gradient, row, active, sample, readout, move, width) {
  const to = row * width, at = sample * width;
  for (let j = 0; j < width; j++) gradient[to + j] = active[at + j] > 0 ? move * readout[j] : 0;
}

function addActive(readout, active, sample, move, width) {
  const at = sample * width;
  for (let j = 0; j < width; j++) readout[j] += move * relu(active[at + j]);
}

function weightNorms(hidden, nBits, width) {
  const norms = new Float64Array(width);
  for (let at = 0; at < nBits * width; at += width) {
    for (let j = 0; j < width; j++) norms[j] += hidden[at + j] * hidden[at + j];
  }
  return norms.map(Math.sqrt);
}

// The neurons by falling norm; of equal ones the first comes first.
const ranked = (norms) => Uint32Array.from(norms.keys()).sort((a, b) => norms[b] - norms[a] || a - b);

// Memory used again and again: new arrays at each epoch would pile up until they are collected.
let scratch = new Float64Array(0);
function scratchOf(length) {
  if (scratch.length < length) scratch = new Float64Array(length);
  return scratch;
}

// Loss and accuracy on examples; with a ranking of the neurons also the effective sparsity, if it
// is at most `most`: the sums over the first k neurons, for all these k at once, leave the k that
// always predict as all neurons do.
function examine(run, split, ranking = null, most = 0) {
  const { hidden, readout, rows } = run, { signs, labels, count } = run.splits[split];
  const width = readout.length, chunks = chunksOf(rows), together = 64;
  const active = scratchOf(Math.min(together, count) * width);
  const sums = new Float64Array(width + 1);
  const doubt = ranking === null ? 0 : width * 2 ** -50 * largestOutput(run);
  let agreeing = Uint32Array.from({ length: most + 1 }, (_, k) => k), loss = 0, right = 0;
  for (let first = 0; first < count; first += together) {
    const size = Math.min(together, count - first);
    const block = signs.subarray(first * chunks, (first + size) * chunks);
    addSigned(active, size, 0, hidden, rows, block, width);
    for (let s = 0; s < size; s++) {
      const f = output(active, s * width, readout), margin = labels[first + s] * f;
      loss += Math.max(0, 1 - margin);
      right += margin > 0 ? 1 : 0;
      if (agreeing.length === 0 || ranking === null) continue;
      // Of all neurons the sums are f in another order: near zero perhaps with another sign.
      const far = Math.abs(f) > doubt, last = far ? agreeing[agreeing.length - 1] : width;
      const sum = runningSums(active, s * width, readout, ranking, sums, last);
      agreeing = agreeing.subarray(0, keepAgreeing(agreeing, sums, Math.sign(far ? f : sum)));
    }
  }
  return { loss: loss / count, accuracy: right / count, sparsity: agreeing[0] };
}

// A bound of the sum of all neurons' contributions on any input, whatever their signs.
function largestOutput({ hidden, readout, rows }) {
  const width = readout.length;
  let sum = 0;
  for (let at = 0; at < rows * width; at += width) {
    for (let j = 0; j < width; j++) sum += Math.abs(hidden[at + j] * readout[j]);
  }
  return sum;
}

// Fill in the sums over the first k neurons, k = 1 ... last; return the last.
function runningSums(active, at, readout, ranking, sums, last) {
  let sum = 0;
  for (let k = 0; k < last; k++) {
    const neuron = ranking[k];
    sum += relu(active[at + neuron]) * readout[neuron];
    sums[k + 1] = sum;
  }
  return sum;
}

// Move the k whose sum has a sign to the front; return how many they are.
function keepAgreeing(agreeing, sums, sign) {
  let kept = 0;
  for (let i = 0; i < agreeing.length; i++) {
    const sum = sums[agreeing[i]];
    if (sign === 0 ? sum === 0 : sum * sign > 0) agreeing[kept++] = agreeing[i];
  }
  return kept;
}

function withZeroRows(matrix, rows, width) {
  const padded = new Float64Array(CHUNK * chunksOf(rows) * width);
  padded.set(matrix.subarray(0, rows * width));
  return padded;
}

// Pack inputs (sample, bit) of -1 and +1 into one integer per 16 bits; the bit after the last
// is the bias's and always +1.
function packed(inputs, nBits, labels) {
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
