// What is measured of a run as it stands: norms, loss, accuracy, effective sparsity.

import { relu } from "./kernels.js";
import { chunksOf } from "./signed_sums.js";

export const EXAMINED = 64; // samples at a time

/** @type {(hidden: Numbers, nBits: number, width: number) => Numbers} */
export function weightNorms(hidden, nBits, width) {
  const norms = new Float64Array(width);
  for (let at = 0; at < nBits * width; at += width) {
    for (let j = 0; j < width; j++) norms[j] += hidden[at + j] * hidden[at + j];
  }
  return norms.map(Math.sqrt);
}

// The neurons by falling norm; of equal ones the first comes first.
/** @type {(norms: Numbers) => Neurons} */
export const ranked = (norms) =>
  Uint32Array.from(norms.keys()).sort((a, b) => norms[b] - norms[a] || a - b);

// Loss and accuracy on examples; with a ranking of the neurons also the effective sparsity, if it
// is at most `most`: the sums over the first k neurons, for all these k at once, leave the k that
// always predict as all neurons do.
/**
 * @param {Run} run
 * @param {Split} split
 * @param {Neurons | null} ranking
 * @param {number} most
 * @returns {Examined}
 */
export function examine(run, split, ranking = null, most = 0) {
  const { hidden, readout, rows } = run, { signs, labels, count } = run.splits[split];
  const width = readout.length, chunks = chunksOf(rows), { scratch: active, kernels } = run;
  const sums = new Float64Array(width + 1);
  const doubt = ranking === null ? 0 : width * 2 ** -50 * largestOutput(run);
  let agreeing = Uint32Array.from({ length: most + 1 }, (_, k) => k), loss = 0, right = 0;
  for (let first = 0; first < count; first += EXAMINED) {
    const size = Math.min(EXAMINED, count - first);
    const block = signs.subarray(first * chunks, (first + size) * chunks);
    kernels.addSigned(active, size, 0, hidden, rows, block, width);
    for (let s = 0; s < size; s++) {
      const f = kernels.output(active, s * width, readout), margin = labels[first + s] * f;
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
/** @type {(given: Run) => number} */
function largestOutput({ hidden, readout, rows }) {
  const width = readout.length;
  let sum = 0;
  for (let at = 0; at < rows * width; at += width) {
    for (let j = 0; j < width; j++) sum += Math.abs(hidden[at + j] * readout[j]);
  }
  return sum;
}

// Fill in the sums over the first k neurons, k = 1 ... last; return the last.
/** @type {(
 *   active: Numbers, at: number, readout: Numbers, ranking: Neurons, sums: Numbers,
 *   last: number
 * ) => number} */
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
/** @type {(agreeing: Neurons, sums: Numbers, sign: number) => number} */
function keepAgreeing(agreeing, sums, sign) {
  let kept = 0;
  for (let i = 0; i < agreeing.length; i++) {
    const sum = sums[agreeing[i]];
    if (sign === 0 ? sum === 0 : sum * sign > 0) agreeing[kept++] = agreeing[i];
  }
  return kept;
}
