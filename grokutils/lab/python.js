// The equivalent Python of an experiment, as text to paste in a notebook of the book.
"use strict";

const IMPORTS = {
  "grokutils.parity.config": ["TrainConfig", "configure"],
  "grokutils.parity.engine": ["Network", "epochs"],
  "grokutils.parity.intervene": ["chosen", "clamp", "freeze"],
  "grokutils.parity.network": ["Weights", "initial_weights", "weights_digest"],
  "grokutils.parity.subnetworks": ["active_subnetwork", "prune"],
  "grokutils.parity.task": ["Examples"],
  "grokutils.parity.train": ["batch_order", "network"],
  "grokutils.streams": ["generator"],
};

// Python has no field for these two yet, so they are done by hand.
const FLIP = `
def flipped(config, weights, share):
    """Return the network of this seed with a share of its training labels flipped."""
    inputs, labels = config.task.train_set(seed)
    order = generator("wrong labels", seed).permutation(len(labels))
    labels[order[: int(share * len(labels) + 0.5)]] *= -1
    order, test = batch_order(config, seed), config.task.test_set()
    return Network.of(config, weights, Examples(inputs, labels), order, test)
`;
// Return the expression for a network of the seed with given weights; null means its first.
function networkOf({ initial_scale: scale, wrong_labels: share }, weights) {
  const drawn = "initial_weights(config.task.n_bits, config.width, seed)";
  const first = scale === 1 ? drawn : `Weights(*(${scale} * part for part in ${drawn}))`;
  if (share > 0) return `flipped(config, ${weights ?? first}, ${share})`;
  if (weights === null && scale === 1) return "network(config, seed)";
  return `network(config, seed, ${weights ?? first})`;
}

// Return a text that makes the run, and the changed one beside it, and prints their digests.
function pythonOf(settings, change) {
  const { seed, ...fields } = settings;
  const body = [
    `seed = ${seed}`,
    `config = ${configured("TrainConfig()", fields, PAPER)}`,
    `net = ${networkOf(settings, null)}`,
    "test, train = {}, {}  # accuracies by epoch",
    ...watched(""),
    'print("undisturbed:", weights_digest(net.weights()))',
  ];
  if (change) {
    const lines = changesNeurons(change) ? neuronLines : settingLines;
    body.push("", ...lines(settings, change), ...CHANGED);
  }
  const text = body.join("\n"), helper = text.includes("flipped(") ? `${FLIP}\n\n` : "\n";
  return `${importsOf(helper + text)}\n${helper}${text}\n`;
}

function importsOf(text) {
  const used = (name) => new RegExp(`\\b${name}[(.]`).test(text);
  const lines = Object.entries(IMPORTS).map(([room, names]) => [room, names.filter(used)])
    .filter(([, names]) => names.length > 0)
    .map(([room, names]) => `from ${room} import ${names.join(", ")}`);
  return [...(used("np") ? ["import numpy as np", ""] : []), ...lines].join("\n");
}

// Return `configure(...)` with the fields that are not those of `before`.
function configured(base, settings, before) {
  const own = Object.entries(settings).filter(([name, value]) =>
    value !== before[name] && name !== "wrong_labels" && name !== "initial_scale");
  if (own.length === 0) return base;
  return `configure(${base}, ${own.map(([name, value]) => `${name}=${value}`).join(", ")})`;
}

const watched = (more) => [
  `for epoch in epochs(net, config${more}):`,
  '    test[epoch], train[epoch] = net.accuracy("test"), net.accuracy("train")',
];
const CHANGED = [...watched(", at, hold=hold"), 'print("changed:", weights_digest(net.weights()))'];

// Return what finds the epoch of the change, and trains anew until then.
function untilThen(settings, { at }) {
  const of = { memorization: "train", generalization: "test" }[at];
  const first = `next(e for e, accuracy in ${of}.items() if accuracy > ${THRESHOLD})  # ${at}`;
  return [
    `at = ${of ? first : at}`,
    `net = ${networkOf(settings, null)}`,
    "for _ in epochs(net, config, last=at):",
    "    pass",
  ];
}

function neuronLines(settings, change) {
  const { kind, set } = change, weights = "weights = net.weights()";
  const chosen = Array.isArray(set)
    ? ["kept = np.zeros(config.width, bool)", `kept[[${set.join(", ")}]] = True`]
    : [`kept = chosen("${set}", sparse, net.weights(), seed)`];
  const deed = {
    clamp: ["hold = clamp(net, kept)"],
    freeze: ["hold = freeze(net, kept)"],
    remove: [weights, "for part in weights:", "    part[kept] = 0"],
    enlarge: [weights, "weights.hidden_weight[kept] *= 2"],
    alone: [
      "config = configure(config, width=int(kept.sum()))",
      "weights = prune(net.weights(), kept)",
    ],
  }[kind];
  const winners = [
    "inputs = config.task.train_set(seed).inputs",
    "sparse = active_subnetwork(net.weights(), inputs)",
  ];
  return [
    ...(needsWinners(change) ? winners : []),
    ...untilThen(settings, change),
    ...chosen,
    ...deed,
    ...(deed[0].startsWith("hold") ? [] : ["hold = None", `net = ${networkOf(settings, "weights")}`]),
  ];
}

function settingLines(settings, change) {
  const { kind, to, at } = change, after = { ...settings, [kind]: to };
  return [
    ...(at === 0 ? ["at = 0"] : untilThen(settings, change)),
    `config, hold = ${configured("config", after, settings)}, None`,
    `net = ${networkOf(after, at === 0 ? null : "net.weights()")}`,
  ];
}
