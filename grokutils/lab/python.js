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
const startOf = (scale) => (scale === 1 ? "initial_weights(config.task.n_bits, config.width, seed)"
  : `Weights(*(${scale} * part for part in initial_weights(config.task.n_bits, config.width, seed)))`);

// Return the expression for a network of given settings with given weights (null: its first).
function networkOf({ initial_scale: scale, wrong_labels: share }, weights, config = "config") {
  if (share > 0) return `flipped(${config}, ${weights ?? startOf(scale)}, ${share})`;
  return `network(${config}, seed${weights ?? (scale === 1 ? null : 1) ? `, ${weights ?? startOf(scale)}` : ""})`;
}

function pythonOf(settings, change) {
  const { seed, ...fields } = settings, body = [`seed = ${seed}`, `config = ${configured("TrainConfig()", fields, PAPER)}`];
  body.push(`net = ${networkOf(settings, null)}`, "test, train = {}, {}  # accuracies by epoch", ...watched("config"));
  body.push('print("undisturbed:", weights_digest(net.weights()))');
  if (change) body.push("", ...(changesNeurons(change) ? neuronLines : settingLines)(settings, change));
  const text = `${body.some((line) => line.includes("flipped(")) ? `${FLIP}\n\n` : "\n"}${body.join("\n")}\n`;
  const used = Object.entries(IMPORTS).map(([room, names]) => [room, names.filter((name) => new RegExp(`\\b${name}\\(|\\b${name}\\.`).test(text))]);
  const imports = used.filter(([, names]) => names.length).map(([room, names]) => `from ${room} import ${names.join(", ")}`);
  return [...(text.includes("np.") ? ["import numpy as np", ""] : []), ...imports, text].join("\n");
}

// Return `configure(...)` with the fields that are not those of `before`.
function configured(base, settings, before) {
  const own = Object.entries(settings).filter(([name, value]) =>
    value !== before[name] && name !== "wrong_labels" && name !== "initial_scale");
  return own.length ? `configure(${base}, ${own.map(([name, value]) => `${name}=${value}`).join(", ")})` : base;
}

const watched = (config, more = "") => [
  `for epoch in epochs(net, ${config}${more}):`,
  '    test[epoch], train[epoch] = net.accuracy("test"), net.accuracy("train")',
];

const eventOf = { memorization: "train", generalization: "test" };
const whenLine = ({ at }) => (typeof at === "number" ? `at = ${at}`
  : `at = next(epoch for epoch, accuracy in ${eventOf[at]}.items() if accuracy > ${THRESHOLD})  # ${at}`);

// Run anew until the change.
const untilThen = (settings, change) => [
  ...(needsWinners(change) ? ["sparse = active_subnetwork(net.weights(), config.task.train_set(seed).inputs)"] : []),
  whenLine(change),
  `net = ${networkOf(settings, null)}`,
  "for _ in epochs(net, config, last=at):",
  "    pass",
];

function neuronLines(settings, change) {
  const { kind, set } = change, lines = untilThen(settings, change);
  if (Array.isArray(set)) lines.push("kept = np.zeros(config.width, bool)", `kept[[${set.join(", ")}]] = True`);
  else lines.push(`kept = chosen("${set}", sparse, net.weights(), seed)`);
  if (kind === "clamp" || kind === "freeze") lines.push(...watched("config", `, at, hold=${kind}(net, kept)`));
  else {
    const weights = kind === "alone" ? "prune(net.weights(), kept)" : "weights";
    lines.push(...{
      alone: ["config = configure(config, width=int(kept.sum()))"],
      remove: ["weights = net.weights()", "for part in weights:", "    part[kept] = 0"],
      enlarge: ["weights = net.weights()", "weights.hidden_weight[kept] *= 2"],
    }[kind], `net = ${networkOf(settings, weights)}`, ...watched("config", ", at"));
  }
  return [...lines, 'print("changed:", weights_digest(net.weights()))'];
}

function settingLines(settings, change) {
  const { kind, to, at } = change, after = { ...settings, [kind]: to };
  const start = at === 0 ? null : "net.weights()", lines = at === 0 ? ["at = 0"] : untilThen(settings, change);
  return [
    ...lines,
    `config = ${configured("config", after, settings)}`,
    `net = ${networkOf(after, start)}`,
    ...watched("config", ", at"),
    'print("changed:", weights_digest(net.weights()))',
  ];
}
