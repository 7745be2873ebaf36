// The picture: delay in ticks over N / n^p, both logarithmic; the stored settings, the line, and
// the reader's dots.

import { at, finish, rule, sheet, words } from "../page/line_charts.js";
import { digits, foretold, variable } from "./waits.js";

const COLOUR_OF = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#7F7F7F"]; // 2, 3, ... bits
const ROOM = { left: 46, right: 14, top: 12, bottom: 34 };
const LEAST = 0.01; // ticks, where the picture ends if nothing is below

// A mark of its own for each number of relevant bits, about (0, 0); those not done point up.
/** @type {(k: number, size: number, done: boolean) => string} */
function outline(k, size, done) {
  const s = size, t = 1.25 * s;
  if (!done) return `M0 ${-t}L${t} ${s}L${-t} ${s}Z`;
  return [
    `M${s} 0A${s} ${s} 0 1 1 ${-s} 0A${s} ${s} 0 1 1 ${s} 0Z`,
    `M${-s} ${-s}H${s}V${s}H${-s}Z`,
    `M0 ${-t}L${t} 0L0 ${t}L${-t} 0Z`,
    `M0 ${t}L${t} ${-s}L${-t} ${-s}Z`,
    `M${-t} ${-s / 3}H${t}V${s / 3}H${-t}Z`,
  ][k - 2];
}

// The mark of a number of bits, as the key shows it.
/** @type {(k: number) => string} */
export const sample = (k) => `<svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
  <path d="${outline(k, 4, true)}" fill="none" stroke-width="1.6" stroke="${COLOUR_OF[k - 2]}"/></svg>`;

/** @type {(place: Place) => string} */
const named = ({ n_bits, n_train, k_relevant, delay_ticks, later_than }) =>
  `n = ${n_bits}, N = ${n_train.toLocaleString("en")}, k = ${k_relevant}: ${delay_ticks === null
    ? `later than ${digits(later_than ?? 0)}` : digits(delay_ticks)} ticks`;

/** @type {(low: number, high: number, steps: number[]) => number[]} */
function marksBetween(low, high, steps) {
  const found = [];
  for (let ten = Math.floor(Math.log10(low)); ten <= Math.log10(high); ten++) {
    found.push(...steps.map((step) => step * 10 ** ten).filter((v) => v >= low && v <= high));
  }
  return found;
}

// Draw all; `now` is the run under way with the prediction, waited for so long.
/** @type {(
 *   chart: HTMLElement, line: Line, points: Place[], dots: Dot[], now: Dot | null
 * ) => void} */
export function drawDots(chart, line, points, dots, now) {
  const page = { ...sheet(chart, ROOM), ink: "currentColor", faint: "currentColor" };
  const { margin: { left, top }, width, height } = page, bottom = top + height;
  const all = [...points, ...dots, ...(now ? [now] : [])];
  const xs = all.map((place) => variable(line, place));
  const ys = all.map((place) => place.delay_ticks ?? place.later_than ?? 0).filter((y) => y > 0);
  const [x0, x1] = [Math.min(1.5, ...xs) / 1.15, Math.max(12, ...xs) * 1.15];
  const [y0, y1] = [Math.min(LEAST, ...ys) / 1.3, Math.max(60, ...ys) * 1.3];
  /** @type {(v: number) => number} */
  const across = (v) => left + (width * Math.log(v / x0)) / Math.log(x1 / x0);
  /** @type {(v: number) => number} */
  const up = (v) => bottom - (height * Math.log(Math.max(v, y0) / y0)) / Math.log(y1 / y0);

  for (const y of marksBetween(y0, y1, [1])) {
    rule(page, left, up(y), left + width, up(y), page.faint, 'opacity="0.25"');
    words(page, left - 6, up(y) + 4, `${+y.toPrecision(1)}`, "end");
  }
  for (const x of marksBetween(x0, x1, [1, 2, 5])) {
    rule(page, across(x), bottom, across(x), bottom + 4, page.ink);
    words(page, across(x), bottom + 15, `${+x.toPrecision(1)}`, "middle");
  }
  rule(page, left, bottom, left + width, bottom, page.ink);
  words(page, left + width, bottom + 30, `N / n^${line.power.toFixed(2)}, logarithmic`, "end");
  words(page, left + width, top + 8, "wait in ticks, logarithmic", "end");
  if (all.some((place) => place.delay_ticks === 0)) words(page, left - 6, bottom + 4, "0", "end");

  // On a line over the variable, n = 1 has the value of all.
  const ends = [x0, x1].map((x) => [across(x), up(foretold(line, { n_bits: 1, n_train: x }))]);
  const clip = `${chart.id || "gl"}-clip`;
  page.marks.push(`<clipPath id="${clip}"><rect x="${left}" y="${top}" width="${width}"
    height="${height}"/></clipPath><path clip-path="url(#${clip})" stroke="currentColor"
    stroke-width="1.5" d="M${ends.map((end) => end.map(at).join(" ")).join("L")}"/>`);

  for (const place of points) mark(place, 3.4, 'fill="none" stroke-width="1.5" opacity="0.75"');
  for (const dot of dots) {
    bracket(dot);
    mark(dot, 6, 'fill-opacity="0.85" stroke-width="1.5"', true);
    words(page, across(variable(line, dot)) + 9, heightOf(dot) - 7, `${dots.indexOf(dot) + 1}`);
  }
  if (now) {
    bracket(now);
    const x = across(variable(line, now));
    rule(page, x, heightOf(now), x, bottom, page.ink, 'stroke-dasharray="2 3"');
    mark(now, 6, 'fill="none" stroke-width="2.5"');
  }
  finish(page);

  /** @type {(place: Place) => number} */
  function heightOf({ delay_ticks, later_than }) {
    return up(delay_ticks ?? later_than ?? 0);
  }

  /** @type {(place: Place, size: number, look: string, filled?: boolean) => void} */
  function mark(place, size, look, filled = false) {
    const { k_relevant: k, delay_ticks } = place, colour = COLOUR_OF[k - 2];
    const where = `translate(${at(across(variable(line, place)))} ${at(heightOf(place))})`;
    page.marks.push(`<path d="${outline(k, size, delay_ticks !== null)}" transform="${where}" ${look}
      stroke="${filled ? "currentColor" : colour}" ${filled ? `fill="${colour}"` : ""} data-k="${k}"
      ><title>${named(place)}</title></path>`);
  }

  // The band that was predicted, beside its dot.
  /** @type {(dot: Dot) => void} */
  function bracket(dot) {
    if (!dot.guess) return;
    const [low, high] = dot.guess.map((y) => up(Math.min(Math.max(y, y0), y1)));
    const x = at(across(variable(line, dot)) - 11);
    page.marks.push(`<path d="M${x} ${at(low)}V${at(high)}" stroke="currentColor" stroke-width="5"
      opacity="0.4" class="gl-predicted"/>`);
  }
}
