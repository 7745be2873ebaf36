// From settings to a run, as the book draws them: each source of randomness has its own stream.
//
// Settings carry the names of ParityTask and TrainConfig, and `seed`.

import { packed, Run } from "./engine.js";
import { generator } from "./generator.js";

// Draw examples: bits sample by sample, the label the product of the first k.
/** @type {(given: Settings, count: number, random: Stream) => Examples} */
function drawExamples({ n_bits: n, k_relevant: k }, count, random) {
  const inputs = random.bits(count * n).map((bit) => 2 * bit - 1);
  const labels = new Int8Array(count).fill(1);
  for (let s = 0; s < count; s++) {
    for (let bit = 0; bit < k; bit++) labels[s] *= inputs[s * n + bit];
  }
  return packed(inputs, n, labels);
}

// Round as Python does: from half-way between two whole numbers to the even one.
/** @type {(x: number) => number} */
export const toEven = (x) => (x % 1 === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

// Draw a seed's training set; a larger share of wrong labels turns the same ones, and more.
/** @type {(settings: Settings) => Examples} */
export function trainSet(settings) {
  const { n_train: count, label_noise: share, seed } = settings;
  const examples = drawExamples(settings, count, generator("train set", seed));
  const order = share > 0 ? generator("wrong labels", seed).permutation(count) : [];
  const wrong = order.slice(0, toEven(share * count));
  for (const sample of wrong) examples.labels[sample] *= -1;
  return examples;
}

/** @type {(settings: Settings) => Examples} */
const testSet = (settings) => drawExamples(settings, settings.n_test, generator("test set"));

// Return hidden (bit + 1, neuron), the bias last, and readout; drawn neuron by neuron.
/** @type {(given: Settings) => WeightArrays} */
function initialWeights({ n_bits: n, width, seed, initial_scale: scale }) {
  const random = generator("initial weights", seed), hidden = new Float64Array((n + 1) * width);
  const bound = 1 / Math.sqrt(n), ofReadout = 1 / Math.sqrt(width);
  const drawn = random.uniform(-bound, bound, width * n);
  for (let j = 0; j < width; j++) {
    for (let i = 0; i < n; i++) hidden[i * width + j] = scale * drawn[j * n + i];
  }
  hidden.set(random.uniform(-bound, bound, width).map((bias) => scale * bias), n * width);
  return { hidden, readout: random.uniform(-ofReadout, ofReadout, width).map((u) => scale * u) };
}

// Return a function that gives the samples of the coming epoch in their order, from `first` on.
/**
 * @param {Settings} settings
 * @param {number} first
 */
export function batchOrder({ n_train: count, seed }, first = 0) {
  const random = generator("batch order", seed);
  for (let epoch = 0; epoch < first; epoch++) random.permutation(count);
  return () => random.permutation(count);
}

// What the engine calls its settings.
/** @type {(given: Settings) => EngineSettings} */
export const engineSettings = ({ n_bits, width, lr, weight_decay, batch_size }) => (
  { nBits: n_bits, width, lr, weightDecay: weight_decay, batchSize: batch_size });

// Return a run before its first epoch; the test set is the same for all seeds, as in the paper.
/** @type {(settings: Settings) => Run} */
export function newRun(settings) {
  return new Run(engineSettings(settings), {
    ...initialWeights(settings),
    train: trainSet(settings),
    test: testSet(settings),
    nextOrder: batchOrder(settings),
  });
}

// Return hidden (bit + 1, neuron), the bias last, and readout of a run as it stands.
/** @type {(given: Run) => WeightArrays} */
export function weightsOf({ hidden, readout, rows }) {
  return { hidden: hidden.subarray(0, rows * readout.length), readout };
}

// Return a run that goes on from where one stands, after a whole epoch, with other parts.
/** @type {(run: Run, settings: EngineSettings, parts: Partial<RunParts>) => Run} */
export function goOn(run, settings, parts) {
  const { splits: { train, test }, nextOrder, epoch } = run;
  const next = new Run(settings, { ...weightsOf(run), train, test, nextOrder, ...parts });
  next.epoch = epoch;
  return next;
}
