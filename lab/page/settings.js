// What is wrong with what the form or an address says, in words for the reader.

import {
  AT_START_ALONE, CHANGES, EVENTS, FIELDS, has, NEURON_CHANGES, NUMBER, SETS, WEIGHT_SHARES,
} from "../shared/rules.js";

// What the form's lists offer; "picked" neurons and a numbered "epoch" have a field of their own.
/** @type {Record<string, Record<string, string>>} */
export const LISTS = {
  change: { "": "nothing", ...CHANGES },
  set: { ...SETS, picked: "picked by hand" },
  at: { ...EVENTS, epoch: "after epoch …" },
};

/** @param {number} value */
export const number = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 });

/**
 * Return the number that a text is, or NaN.
 * @param {string} text
 */
export const parsed = (text) => (NUMBER.test(text.trim()) ? Number(text) : NaN);

/**
 * Return what is wrong with the text of a field, or "".
 * @param {string} name
 * @param {string} text
 * @param {{ n_bits: number }} values
 * @param {Record<string, Field>} fields
 */
export function fault(name, text, values, fields = FIELDS) {
  const { label, least = -Infinity, above = -Infinity, most, whole } = fields[name];
  const highest = name === "k_relevant" ? Math.min(most, values.n_bits || most) : most;
  const value = parsed(text);
  const inRange = value >= least && value > above && value <= highest;
  if (inRange && (!whole || Number.isInteger(value))) return "";
  const from = Number.isFinite(least) ? `from ${least} to` : `above ${above} and at most`;
  const kind = whole ? "a whole number" : "a number";
  const why = highest < most && name === "k_relevant" ? ", the number of bits" : "";
  return `${label} must be ${kind} ${from} ${number(highest)}${why}.`;
}

/** @type {(text: string, most: number) => boolean} */
const wholeUpTo = (text, most) => /^[0-9]+$/.test(text.trim()) && Number(text) <= most;
/** @type {(text: string) => string[]} */
export const listed = (text) => text.split(/[\s,]+/).filter(Boolean);

/**
 * Return what is wrong with the texts of a change, by field.
 * @param {Texts} texts
 * @param {Settings} settings
 */
export function changeFaults(texts, settings) {
  /** @type {Texts} */
  const faults = {};
  const { change, at } = texts, last = settings.epochs - 1, most = settings.width - 1;
  if (!change) return faults;
  if (at === "epoch" && !wholeUpTo(texts.epoch, last)) {
    faults.epoch = `The epoch must be a whole number from 0 to ${number(last)}, before the last.`;
  }
  const atStart = at === "start" || (at === "epoch" && Number(texts.epoch) === 0);
  if (AT_START_ALONE.includes(change) && !atStart) {
    faults.at = `The ${CHANGES[change]} can only be another at the start.`;
  }
  const neurons = listed(texts.neurons), known = neurons.every((n) => wholeUpTo(n, most));
  if (!has(NEURON_CHANGES, change)) {
    faults.to = fault(change, texts.to, settings, { ...FIELDS, ...WEIGHT_SHARES });
  } else if (texts.set === "picked" && !(neurons.length && known)) {
    faults.neurons = `Neurons must be whole numbers from 0 to ${number(most)}: click some below, `
      + "or type them.";
  }
  return faults;
}

/**
 * Return the change that faultless texts describe, or null.
 * @param {Texts} texts
 * @returns {Change | null}
 */
export function changeOf({ change: kind, set, neurons, at, epoch, to }) {
  if (!kind) return null;
  const when = at === "start" ? 0 : at === "epoch" ? Number(epoch) : /** @type {EventName} */ (at);
  if (!has(NEURON_CHANGES, kind)) return { kind, at: when, to: Number(to) };
  const picked = [...new Set(listed(neurons).map(Number))].sort((a, b) => a - b);
  return { kind, at: when, set: set === "picked" ? picked : set };
}
