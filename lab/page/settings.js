// What can be set: names, bounds and what is wrong; an experiment's address.
//
// Names and least values are those of ParityTask and TrainConfig, whose defaults lab.py puts
// before this text as PAPER; the greatest values are what a browser bears.
"use strict";

const whole = { step: 1, mode: "numeric" };
const FIELDS = {
  n_bits: { label: "Bits n", least: 1, most: 100, ...whole },
  k_relevant: { label: "Relevant bits k", least: 1, most: 100, ...whole },
  n_train: { label: "Training samples", least: 1, most: 100000, ...whole },
  n_test: { label: "Test samples", least: 1, most: 10000, ...whole },
  width: { label: "Neurons (width)", least: 1, most: 20000, ...whole },
  lr: { label: "Learning rate", above: 0, most: 10, mode: "decimal" },
  weight_decay: { label: "Weight decay", least: 0, most: 10, mode: "decimal" },
  batch_size: { label: "Batch size", least: 1, most: 100000, ...whole },
  label_noise: { label: "Share of wrong labels", least: 0, most: 1, mode: "decimal" },
  initial_scale: { label: "Initial scale", above: 0, most: 100, mode: "decimal" },
  seed: { label: "Seed", least: 0, most: Number.MAX_SAFE_INTEGER, ...whole },
  epochs: { label: "Epochs", least: 1, most: 100000, ...whole },
};
const FIXED = { loss: "hinge", optimizer: "sgd", dtype: "float64" }; // what the engine can do

const KINDS = {
  "": "nothing", clamp: "hold neurons down", freeze: "freeze neurons", remove: "remove neurons",
  enlarge: "double neurons", alone: "keep neurons alone", weight_decay: "weight decay",
  lr: "learning rate", n_train: "training samples", label_noise: "share of wrong labels",
  initial_scale: "initial scale",
};
const SETS = {
  sparse: "those that suffice at the end", matched: "as many of like norm",
  random: "as many at random", picked: "picked by hand",
};
const TIMES = {
  start: "at the start", memorization: "at memorization", generalization: "at generalization",
  epoch: "after epoch …",
};
const LISTS = { change: KINDS, set: SETS, at: TIMES };

const number = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 });

// ---- What is wrong.

// Return what is wrong with the text of a field, or "".
function fault(name, text, values) {
  const { label, least, above, most, step } = FIELDS[name];
  const highest = name === "k_relevant" ? Math.min(most, values.n_bits || most) : most;
  const value = text.trim() === "" ? NaN : Number(text);
  const inRange = (above === undefined ? value >= least : value > above) && value <= highest;
  if (inRange && (step === undefined || Number.isInteger(value))) return "";
  const from = above === undefined ? `from ${least} to` : `above ${above} and at most`;
  const kind = step === undefined ? "a number" : "a whole number";
  const why = highest < most && name === "k_relevant" ? ", the number of bits" : "";
  return `${label} must be ${kind} ${from} ${number(highest)}${why}.`;
}

const wholeUpTo = (text, most) => /^\d+$/.test(text.trim()) && Number(text) <= most;
const listed = (text) => text.split(/[\s,]+/).filter(Boolean);

// Return what is wrong with the texts of a change { change, set, neurons, at, epoch, to }, by field.
function changeFaults(texts, settings) {
  const faults = {}, { change, at } = texts, last = settings.epochs - 1, most = settings.width - 1;
  if (!change) return faults;
  if (at === "epoch" && !wholeUpTo(texts.epoch, last)) {
    faults.epoch = `The epoch must be a whole number from 0 to ${number(last)}, before the last.`;
  }
  const atStart = at === "start" || (at === "epoch" && Number(texts.epoch) === 0);
  if (change === "initial_scale" && !atStart) {
    faults.at = "The initial scale can only be another at the start.";
  }
  const neurons = listed(texts.neurons), known = neurons.every((n) => wholeUpTo(n, most));
  if (SETTING_CHANGES.includes(change)) faults.to = fault(change, texts.to, settings);
  else if (texts.set === "picked" && !(neurons.length && known)) {
    faults.neurons = `Neurons must be whole numbers from 0 to ${number(most)}: click some below, `
      + "or type them.";
  }
  return faults;
}

// Return the change that faultless texts describe, or null.
function changeOf({ change: kind, set, neurons, at, epoch, to }) {
  if (!kind) return null;
  const when = { start: 0, epoch: Number(epoch) }[at] ?? at;
  if (SETTING_CHANGES.includes(kind)) return { kind, at: when, to: Number(to) };
  const picked = [...new Set(listed(neurons).map(Number))].sort((a, b) => a - b);
  return { kind, at: when, set: set === "picked" ? picked : set };
}

// ---- Addresses.

const NO_CHANGE = { change: "", set: "sparse", neurons: "", at: "memorization", epoch: "", to: "" };

// Return the texts of the fields that an address sets, and what is wrong with the rest of it.
function readAddress(query) {
  const texts = {}, faults = [], changes = [...NEURON_CHANGES, ...SETTING_CHANGES];
  for (const [name, value] of new URLSearchParams(query)) {
    if (name in FIELDS || name === "to") texts[name] = value;
    else if (name === "change" && value in KINDS) texts.change = value;
    else if (name === "change") faults.push(`No change is “${value}”; ${changes.join(", ")} are.`);
    else if (name === "set" && value in SETS) texts.set = value;
    else if (name === "set") Object.assign(texts, { set: "picked", neurons: value });
    else if (name === "at" && value in TIMES) texts.at = value;
    else if (name === "at") Object.assign(texts, { at: "epoch", epoch: value });
    else if (!(name in FIXED)) faults.push(`“${name}” is no setting of the lab.`);
    else if (value !== FIXED[name]) faults.push(`Of ${name} the lab has “${FIXED[name]}” alone.`);
  }
  const orphans = ["set", "at", "to"].filter((name) => name in texts && !texts.change);
  for (const name of orphans) faults.push(`“${name}” belongs to a change.`);
  return { texts, faults };
}

// Return the query that opens the lab on these settings and this change.
function writeAddress(settings, change) {
  const query = Object.entries(settings).filter(([name, value]) => value !== PAPER[name]);
  if (change) {
    query.push(["change", change.kind]);
    if (change.set !== undefined) query.push(["set", String(change.set)]);
    query.push(["at", change.at === 0 ? "start" : change.at]);
    if (change.to !== undefined) query.push(["to", change.to]);
  }
  return query.length ? `?${query.map(([name, value]) => `${name}=${value}`).join("&")}` : "";
}
