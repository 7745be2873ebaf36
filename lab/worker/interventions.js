// What is done to a run on the way: to a set of neurons, as in grokutils.parity.intervene, to
// weights, as in experiments.methods.masks, or to a setting.

import { generator } from "./generator.js";
import { batchOrder, engineSettings, goOn, toEven, trainSet, weightsOf } from "./new_run.js";

// ---- Sets.

// Return the neurons of a set in rising order. `sparse` are those that suffice at the end of the
// undisturbed run. Controls are as large: "random" draws from the other neurons; "matched"
// takes, for each sparse neuron in turn, the other one whose weight norm is nearest at present.
/** @type {(set: string | number[], sparse: Neurons, norms: Numbers, seed: number) => Neurons} */
export function chosen(set, sparse, norms, seed) {
  if (Array.isArray(set)) return Uint32Array.from(set).sort();
  if (set === "sparse") return Uint32Array.from(sparse).sort();
  const taken = new Set(sparse), others = [...norms.keys()].filter((neuron) => !taken.has(neuron));
  const size = Math.min(sparse.length, others.length);
  const found = set === "matched"
    ? matched(Uint32Array.from(sparse).sort().subarray(0, size), others, norms)
    : generator("random set", seed).choice(others.length, size).map((i) => others[i]);
  return Uint32Array.from(found).sort();
}

/** @type {(sparse: Neurons, others: number[], norms: Numbers) => Neurons} */
function matched(sparse, others, norms) {
  return sparse.map((neuron) => {
    /** @type {(i: number) => number} */
    const gap = (i) => Math.abs(norms[others[i]] - norms[neuron]);
    let best = 0;
    for (let i = 1; i < others.length; i++) if (gap(i) < gap(best)) best = i;
    return others.splice(best, 1)[0];
  });
}

// ---- What is done to neurons: once, or after every step by a function that is returned.

/** @type {(
 *   given: Run, neurons: Neurons, lines: number,
 *   work: (place: number, i: number, hidden: Numbers) => void
 * ) => void} */
function eachWeight({ hidden, readout, rows }, neurons, lines, work) {
  const width = readout.length;
  for (let row = 0; row < rows - 1 + lines; row++) {
    neurons.forEach((neuron, i) => work(row * width + neuron, i, hidden));
  }
}

const IN = 0; // without the last row, the bias
const IN_AND_BIAS = 1;

/** @type {Record<string, (run: Run, neurons: Neurons) => (() => void) | void>} */
export const DEEDS = {
  remove(run, neurons) {
    eachWeight(run, neurons, IN_AND_BIAS, (at, i, hidden) => (hidden[at] = 0));
    for (const neuron of neurons) run.readout[neuron] = 0;
  },

  enlarge(run, neurons) {
    eachWeight(run, neurons, IN, (at, i, hidden) => (hidden[at] *= 2));
  },

  // Keep the weight norms from growing.
  clamp(run, neurons) {
    const limit = normsOf(run, neurons);
    return () => {
      const factors = normsOf(run, neurons).map((norm, i) => limit[i] / Math.max(norm, 1e-300));
      factors.forEach((factor, i) => (factors[i] = Math.min(factor, 1)));
      eachWeight(run, neurons, IN, (at, i, hidden) => (hidden[at] *= factors[i]));
    };
  },

  freeze(run, neurons) {
    const hidden = run.hidden.slice(), readout = run.readout.slice();
    return () => {
      eachWeight(run, neurons, IN_AND_BIAS, (at, i, present) => (present[at] = hidden[at]));
      for (const neuron of neurons) run.readout[neuron] = readout[neuron];
    };
  },
};

/** @type {(run: Run, neurons: Neurons) => Numbers} */
function normsOf(run, neurons) {
  const norms = new Float64Array(neurons.length);
  eachWeight(run, neurons, IN, (at, i, hidden) => (norms[i] += hidden[at] * hidden[at]));
  return norms.map(Math.sqrt);
}

// Return the run that goes on with these neurons alone: a smaller network.
/** @type {(run: Run, neurons: Neurons) => Run} */
export function alone(run, neurons) {
  const { hidden, readout } = weightsOf(run), rows = run.rows, width = neurons.length;
  const kept = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    neurons.forEach((neuron, i) => (kept[row * width + i] = hidden[row * readout.length + neuron]));
  }
  const left = Float64Array.from(neurons, (neuron) => readout[neuron]);
  return goOn(run, { ...run.settings, width }, { hidden: kept, readout: left });
}

// ---- Weights: a mask of W.

// Return the places of a share of W's weights, the largest in magnitude, counted neuron by neuron;
// of equal ones the first.
/** @type {(given: Run, share: number) => Neurons} */
export function largest({ hidden, readout, rows }, share) {
  const width = readout.length, n = rows - 1;
  const sizes = Float64Array.from({ length: width * n }, (_, i) =>
    Math.abs(hidden[(i % n) * width + Math.floor(i / n)]));
  const places = Uint32Array.from(sizes.keys()).sort((a, b) => sizes[b] - sizes[a] || a - b);
  return places.slice(0, toEven(share * sizes.length));
}

// Keep these weights of W alone; return what keeps the others at zero after each step.
/** @type {(given: Run, places: Neurons) => () => void} */
export function keepAlone({ hidden, readout, rows }, places) {
  const width = readout.length, n = rows - 1, kept = new Uint8Array(n * width);
  for (const place of places) kept[(place % n) * width + Math.floor(place / n)] = 1;
  const lost = Uint32Array.from(kept.keys()).filter((at) => kept[at] === 0);
  for (const at of lost) hidden[at] = 0;
  return () => {
    for (const at of lost) hidden[at] *= 0; // the sign of a zero too is Python's
  };
}

// ---- Settings.

// Return the run that goes on under another setting. A training set of another size is that of
// the seed, whose samples begin alike at every size; it is visited in the order of its own.
/** @type {(run: Run, settings: Settings) => Run} */
export function underSetting(run, settings) {
  return goOn(run, { ...engineSettings(settings), width: run.settings.width }, {
    train: trainSet(settings),
    nextOrder: batchOrder(settings, run.epoch),
  });
}
