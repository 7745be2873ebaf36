// The equivalent Python of an experiment, as text to paste in a notebook of the book.

import { changesNeurons, changesSetting, needsWinners } from "../shared/change.js";
import { PAPER, THRESHOLD } from "../shared/given.js";

const IMPORTS = {
  "experiments.methods.masks": ["keep_mask", "largest", "masked"],
  "grokutils.parity.config": ["TrainConfig", "configure"],
  "grokutils.parity.engine": ["train_epochs"],
  "grokutils.parity.intervene": ["chosen", "clamp", "freeze"],
  "grokutils.parity.network": ["network"],
  "grokutils.parity.subnetworks": ["active_subnetwork", "prune"],
  "grokutils.parity.weights": ["weights_digest"],
};

// Return a text that makes the run, and the changed one beside it, and prints their digests.
/** @type {(settings: Settings, change: Change | null | undefined) => string} */
export function pythonOf(settings, change) {
  const { seed, ...fields } = settings;
  const body = [
    `seed = ${seed}`,
    `config = ${configured("TrainConfig()", fields, PAPER)}`,
    "net = network(config, seed)",
    "test, train = {}, {}  # accuracies by epoch",
    ...watched(""),
    'print("undisturbed:", weights_digest(net.weights()))',
  ];
  if (change) {
    const lines = changesNeurons(change) ? neuronLines(change)
      : changesSetting(change) ? settingLines(settings, change) : weightLines(change);
    body.push("", ...lines, ...CHANGED);
  }
  const text = body.join("\n");
  return `${importsOf(text)}\n\n${text}\n`;
}

/** @type {(text: string) => string} */
function importsOf(text) {
  /** @type {(name: string) => boolean} */
  const used = (name) => new RegExp(`\\b${name}[(.]`).test(text);
  const lines = Object.entries(IMPORTS).filter(([, names]) => names.some(used))
    .map(([module, names]) => `from ${module} import ${names.filter(used).join(", ")}`);
  return [...(used("np") ? ["import numpy as np", ""] : []), ...lines].join("\n");
}

// Return `configure(...)` with the fields that are not those of `before`.
/** @type {(
 *   base: string, settings: Record<string, number>, before: Record<string, number>
 * ) => string} */
function configured(base, settings, before) {
  const own = Object.entries(settings).filter(([name, value]) => value !== before[name]);
  if (own.length === 0) return base;
  return `configure(${base}, ${own.map(([name, value]) => `${name}=${value}`).join(", ")})`;
}

/** @type {(more: string) => string[]} */
const watched = (more) => [
  `for epoch in train_epochs(net, config${more}):`,
  '    test[epoch], train[epoch] = net.accuracy("test"), net.accuracy("train")',
];
const CHANGED = [...watched(", at, after_step=after_step"), 'print("changed:", weights_digest(net.weights()))'];

// Return what finds the epoch of the change, and trains anew until then.
/** @type {(given: Change) => string[]} */
function untilThen({ at }) {
  const of = { memorization: "train", generalization: "test" }[at];
  const first = `next(e for e, accuracy in ${of}.items() if accuracy > ${THRESHOLD})  # ${at}`;
  return [
    `at = ${of ? first : at}`,
    "net = network(config, seed)",
    "for _ in train_epochs(net, config, last=at):",
    "    pass",
  ];
}

/** @type {(change: Change) => string[]} */
function neuronLines(change) {
  const { kind, set } = change, weights = "weights = net.weights()";
  const chosen = Array.isArray(set)
    ? ["kept = np.zeros(config.width, bool)", `kept[[${set.join(", ")}]] = True`]
    : [`kept = chosen("${set}", sparse, net.weights(), seed)`];
  /** @type {Record<string, string[]>} */
  const deeds = {
    clamp: ["after_step = clamp(net, kept)"],
    freeze: ["after_step = freeze(net, kept)"],
    remove: [weights, "for part in weights:", "    part[kept] = 0"],
    enlarge: [weights, "weights.hidden_weight[kept] *= 2"],
    alone: [
      "config = configure(config, width=int(kept.sum()))",
      "weights = prune(net.weights(), kept)",
    ],
  };
  const deed = deeds[kind];
  const winners = [
    "inputs = config.task.train_set(seed).inputs",
    "sparse = active_subnetwork(net.weights(), inputs)",
  ];
  return [
    ...(needsWinners(change) ? winners : []),
    ...untilThen(change),
    ...chosen,
    ...deed,
    ...(deed[0].startsWith("after_step") ? [] : ["after_step = None", "net = network(config, seed, weights)"]),
  ];
}

/** @type {(change: Change) => string[]} */
const weightLines = (change) => [
  `kept = largest(net.weights().hidden_weight, ${change.to})`,
  ...untilThen(change),
  "net = network(config, seed, masked(net.weights(), kept))",
  "after_step = keep_mask(net, kept)",
];

/** @type {(settings: Settings, change: Change) => string[]} */
function settingLines(settings, change) {
  const { kind, to, at } = change, after = { ...settings, [kind]: Number(to) };
  return [
    ...(at === 0 ? ["at = 0"] : untilThen(change)),
    `config, after_step = ${configured("config", after, settings)}, None`,
    `net = network(config, seed${at === 0 ? "" : ", net.weights()"})`,
  ];
}
