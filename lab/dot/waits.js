// What is asked and what came: ticks and epochs, the line, predictions and the address of a dot.

import { PAPER } from "../shared/given.js";
import { DOT_FIELDS, has } from "../shared/rules.js";
import { counted } from "../page/summary.js";

const N_TEST = 2000; // inputs that decide generalization, as in the table law_waits
export const BAND = 1.5; // the factor within which a median is on the line

// Ticks of one epoch, the product of its steps, learning rate and weight decay.
/** @type {(n_train: number) => number} */
const stepsAnEpoch = (n_train) => Math.ceil(n_train / PAPER.batch_size);
/** @type {(epochs: number, n_train: number) => number} */
export const ticksOf = (epochs, n_train) =>
  epochs * stepsAnEpoch(n_train) * PAPER.lr * PAPER.weight_decay;

// The steps of a horizon in ticks.
/** @type {(horizon: number) => number} */
export const stepsIn = (horizon) => Math.round(horizon / (PAPER.lr * PAPER.weight_decay));

// The settings of a run: the paper's but for what is asked.
/** @type {(asked: Record<string, number>, horizon: number) => Settings} */
export function settingsOf(asked, horizon) {
  const epochs = Math.ceil(stepsIn(horizon) / stepsAnEpoch(asked.n_train));
  return { ...PAPER, ...asked, n_test: N_TEST, epochs };
}

// How long a run waited, in ticks; null with how long one waited for it where it is not done.
/** @type {(
 *   settings: Settings, events: Wait["events"], last: number
 * ) => { delay_ticks: number | null, later_than: number | null }} */
export function waitOf({ n_train }, { memorization, generalization }, last) {
  if (memorization !== null && generalization !== null) {
    const epochs = Math.max(0, generalization - memorization);
    return { delay_ticks: ticksOf(epochs, n_train), later_than: null };
  }
  return { delay_ticks: null, later_than: ticksOf(last - (memorization ?? 0), n_train) };
}

// The variable of the line, N / n^p, and the wait in ticks that it foretells.
/** @type {(line: Line, place: { n_bits: number, n_train: number }) => number} */
export const variable = ({ power }, { n_bits, n_train }) => n_train / n_bits ** power;
/** @type {(line: Line, place: { n_bits: number, n_train: number }) => number} */
export const foretold = (line, { n_bits, n_train }) =>
  Math.exp(line.constant + line.n_train * Math.log(n_train) + line.n_bits * Math.log(n_bits));

/** @type {(value: number) => string} */
export const digits = (value) => `${Number(value.toPrecision(2))}`;

// The answers to choose from, by name: words and the band in ticks, null for none. Those of 3 bits
// are about the line, others by tens.
/** @type {(
 *   line: Line, asked: { n_bits: number, n_train: number, k_relevant: number }, horizon: number
 * ) => Record<string, [string, [number, number] | null]>} */
export function answersOf(line, asked, horizon) {
  const middle = foretold(line, asked), low = middle / BAND, high = middle * BAND;
  const by = `by tick ${digits(horizon)}`;
  /** @type {Record<string, [string, [number, number] | null]>} */
  const ends = {
    never: [`not ${by}`, [horizon, Infinity]],
    none: ["I would rather see", null],
  };
  if (asked.k_relevant !== 3) {
    return {
      short: ["less than 0.1", [0, 0.1]], middle: ["0.1 to 1", [0.1, 1]],
      long: ["1 to 10", [1, 10]], later: [`later, ${by}`, [10, horizon]], ...ends,
    };
  }
  if (low >= horizon) return { sooner: [by, [0, horizon]], ...ends };
  const about = `${digits(low)} to ${digits(Math.min(high, horizon))}, about the line’s`;
  return {
    sooner: [`sooner than ${digits(low)}`, [0, low]],
    about: [about, [low, Math.min(high, horizon)]],
    ...(high < horizon ? { later: [`later, ${by}`, [high, horizon]] } : {}),
    ...ends,
  };
}

// Whether a prediction came true: never, or within its band.
/** @type {(guess: [number, number], delay: number | null) => boolean} */
export const cameTrue = ([low, high], delay) =>
  (delay === null ? high === Infinity : high < Infinity && delay >= low && delay <= high);

// What came of a dot, in words.
/** @type {(dot: Dot) => string} */
export function told({ delay_ticks, later_than, guess, ...dot }) {
  const { memorization, generalization, last } = dot, parts = [];
  const epochs = (generalization ?? 0) - (memorization ?? 0);
  if (memorization === null) parts.push(`not memorized by epoch ${last}`);
  else parts.push(`memorized at epoch ${memorization}`);
  if (generalization === null) parts.push(`not generalized by epoch ${last}`);
  else parts.push(`generalized at ${generalization}`);
  const wait = delay_ticks === null ? `waited more than ${digits(later_than ?? 0)} ticks`
    : delay_ticks > 0 ? `waited ${digits(delay_ticks)} ticks (${counted(epochs, "epoch")})`
      : "did not wait";
  const verdict = guess === null ? "" : cameTrue(guess, delay_ticks) ? ", as you predicted"
    : `, and you predicted ${bandOf(guess)}`;
  return `${parts.join(", ")}: ${wait}${verdict}.`;
}

/** @type {(guess: [number, number]) => string} */
function bandOf([low, high]) {
  if (high === Infinity) return `not by tick ${digits(low)}`;
  return low === 0 ? `less than ${digits(high)}` : `${digits(low)} to ${digits(high)}`;
}

// ---- The address of a dot; lab/address.py (check_dot) takes and refuses the same.

/** @type {(query: string) => { texts: Texts, faults: string[] }} */
export function readDot(query) {
  /** @type {Texts} */
  const texts = {};
  /** @type {string[]} */
  const faults = [], asked = new URLSearchParams(query);
  for (const [name, value] of asked) {
    if (!has(DOT_FIELDS, name)) faults.push(`“${name}” is no setting of a dot.`);
    else if (asked.getAll(name).length > 1) faults.push(`“${name}” is given twice.`);
    else texts[name] = value;
  }
  return { texts, faults };
}

/** @type {(dot: Dot) => string} */
export function writeDot(dot) {
  /** @type {Record<string, unknown>} */
  const values = { ...dot };
  return `?${Object.keys(DOT_FIELDS).map((name) => `${name}=${values[name]}`).join("&")}`;
}
