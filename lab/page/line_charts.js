// Charts of runs over epochs. Lines and words are SVG, sharp at any size from the first paint.
//
// A chart is an element that holds a canvas, for what is too dense for lines, and an SVG over it.

import { finderIn } from "./find.js";

export const COLOURS = {
  train: "#0072B2", test: "#D55E00", sparse: "#009E73", complement: "#CC79A7", control: "#7F7F7F",
};
const WIDTHS = { train: 1.3, test: 2.4, sparse: 2 }; // a second mark beside colour
export const DASHES = ["", "6 4"]; // the undisturbed run and the changed one
export const MARGIN = { left: 42, right: 10, top: 8, bottom: 32 };

// Measure a chart's box and its colours; what is drawn is gathered and shown by `finish`.
/**
 * @param {HTMLElement} chart
 * @param {typeof MARGIN} margin
 */
export function sheet(chart, margin = MARGIN) {
  const { width, height } = chart.getBoundingClientRect(), style = getComputedStyle(chart);
  return {
    chart, margin, marks: /** @type {string[]} */ ([]),
    linear: chart.closest("[data-axis=linear]") !== null,
    ink: style.color,
    faint: style.borderTopColor,
    ground: getComputedStyle(chart.parentElement ?? chart).backgroundColor,
    font: style.fontFamily.replaceAll('"', "'"),
    width: Math.max(1, width - margin.left - margin.right),
    height: Math.max(1, height - margin.top - margin.bottom),
  };
}

/** @type {(given: Sheet) => void} */
export function finish({ chart, marks, font }) {
  const all = `<g font-family="${font}" font-size="11">${marks.join("")}</g>`;
  finderIn(chart)("svg").innerHTML = all;
}

/** @type {(value: number) => string} */
export const at = (value) => value.toFixed(1);

/**
 * @param {Sheet} page
 * @param {number} x
 * @param {number} y
 * @param {string | number} text
 */
export function words(page, x, y, text, anchor = "start", more = "") {
  const place = `x="${at(x)}" y="${at(y)}" text-anchor="${anchor}"`;
  page.marks.push(`<text ${place} fill="${page.ink}" ${more}>${text}</text>`);
}

/**
 * @param {Sheet} page
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {string} colour
 */
export function rule(page, x0, y0, x1, y1, colour, more = "") {
  const [a, b, c, d] = [x0, y0, x1, y1].map((v) => Math.round(v) + 0.5);
  page.marks.push(`<path d="M${a} ${b}L${c} ${d}" stroke="${colour}" ${more}/>`);
}

// Epoch 0 at the left end, then a logarithmic axis: the book's own (grokutils.show.plots); or a
// linear one, which shows how long a wait is.
const LINEAR = 0.3; // of a decade, for the way from epoch 0 to epoch 1
/** @type {(
 *   given: { margin: Sheet["margin"], width: number, linear: boolean }, last: number
 * ) => (epoch: number) => number} */
export function epochScale({ margin, width, linear }, last) {
  if (linear) return (epoch) => margin.left + (width * epoch) / last;
  const whole = LINEAR + Math.log10(Math.max(last, 10));
  /** @type {(epoch: number) => number} */
  const part = (epoch) => (epoch < 1 ? LINEAR * epoch : LINEAR + Math.log10(epoch)) / whole;
  return (epoch) => margin.left + width * part(epoch);
}

/** @type {(
 *   page: Sheet, last: number, ticks: [number, string][], scale: (value: number) => number
 * ) => void} */
export function drawAxes(page, last, ticks, scale) {
  const { margin: { left, top }, width, height, ink, faint } = page;
  const across = epochScale(page, last), bottom = top + height;
  for (const [value, text] of ticks) {
    const y = top + height * (1 - scale(value));
    rule(page, left, y, left + width, y, faint);
    words(page, left - 6, y + 4, text, "end");
  }
  const decades = [0, 1, 10, 100, 1000, 10000, 100000].filter((e) => e <= Math.max(last, 10));
  for (const epoch of page.linear ? wholeTicks(last) : decades) {
    const x = across(epoch);
    rule(page, x, bottom, x, bottom + 4, ink);
    words(page, Math.min(x, left + width - 8), bottom + 15, epoch.toLocaleString("en"), "middle");
  }
  const name = page.linear ? "epoch" : "epoch, logarithmic";
  words(page, left + width, bottom + 28, name, "end");
}

// At most seven epochs at equal distances, the first of them 0.
/** @type {(last: number) => number[]} */
function wholeTicks(last) {
  const ten = 10 ** Math.floor(Math.log10(last));
  const step = [0.1, 0.2, 0.5, 1, 2, 5].map((s) => s * ten).find((s) => s >= 1 && last / s <= 6.5);
  const by = step ?? 1;
  return Array.from({ length: Math.floor(last / by) + 1 }, (_, i) => i * by);
}

// Mark the epochs of the events, so that all charts tell one moment.
/**
 * @param {Sheet} page
 * @param {number} last
 * @param {ChartData["events"]} events
 */
export function drawEvents(page, last, events, named = false) {
  const { margin: { left, top }, width, height, ink } = page, across = epochScale(page, last);
  events.forEach(({ name, epoch, run }, i) => {
    const x = across(epoch), right = x < left + 0.45 * width;
    rule(page, x, top, x, top + height, ink, `stroke-dasharray="${run ? "5 3" : "1 3"}"`);
    if (!named) return;
    const halo = `paint-order="stroke" stroke="${page.ground}" stroke-width="3"`; // over the lines
    const y = top + height - 6 - 14 * i;
    words(page, x + (right ? 4 : -4), y, name, right ? "start" : "end", halo);
  });
}

// Draw one quantity of a run and mark its present value.
/** @type {(
 *   page: Sheet, last: number, points: Point[], valueOf: (point: Point) => number,
 *   scale: (value: number) => number, kind: keyof typeof WIDTHS, run: number
 * ) => void} */
function drawLine(page, last, points, valueOf, scale, kind, run) {
  const { margin: { top }, height } = page, across = epochScale(page, last);
  const places = points.map((p) => [across(p.epoch), top + height * (1 - scale(valueOf(p)))]);
  const path = places.map(([x, y]) => `${at(x)} ${at(y)}`).join("L");
  const [x, y] = places[places.length - 1];
  const colour = COLOURS[kind];
  const look = `stroke="${colour}" stroke-width="${WIDTHS[kind]}" stroke-linejoin="round"`;
  const ring = `fill="none" stroke-width="1.6" stroke="${colour}"`;
  page.marks.push(
    `<path d="M${path}" fill="none" ${look} stroke-dasharray="${DASHES[run]}"/>`,
    `<circle cx="${at(x)}" cy="${at(y)}" r="3.4" ${run ? ring : `fill="${colour}"`}/>`,
  );
}

/** @type {(runs: Runner[]) => Point[]} */
export const allPoints = (runs) => runs.flatMap(({ points }) => points);

/** @type {(
 *   chart: HTMLElement, more: ChartData, quantity: "accuracy" | "loss",
 *   ticks: [number, string][], scale: (value: number) => number, named: boolean
 * ) => void} */
function drawSplits(chart, { runs, last, events }, quantity, ticks, scale, named) {
  const page = sheet(chart);
  drawAxes(page, last, ticks, scale);
  drawEvents(page, last, events, named);
  runs.forEach(({ points }, run) => {
    for (const kind of /** @type {Split[]} */ (["train", "test"])) {
      drawLine(page, last, points, (point) => point[kind][quantity], scale, kind, run);
    }
  });
  finish(page);
}

/** @type {[number, string][]} */
export const SHARES = [0, 0.25, 0.5, 0.75, 1].map((share) => [share, `${100 * share} %`]);

/** @type {(chart: HTMLElement, data: ChartData) => void} */
export function drawAccuracy(chart, data) {
  drawSplits(chart, data, "accuracy", SHARES, (share) => share, true);
}

/** @type {(chart: HTMLElement, data: ChartData) => void} */
export function drawLoss(chart, data) {
  const losses = allPoints(data.runs).map((p) => Math.min(4, Math.max(p.train.loss, p.test.loss)));
  const most = Math.max(1, ...losses);
  drawSplits(chart, data, "loss", niceTicks(most), (loss) => Math.min(loss, most) / most, false);
}

/** @type {(most: number) => [number, string][]} */
export function niceTicks(most) {
  const step = [0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100].find((s) => most / s <= 5) ?? most;
  const count = Math.floor(most / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => [i * step, `${+(i * step).toFixed(2)}`]);
}

/** @type {(chart: HTMLElement, more: ChartData) => void} */
export function drawSparsity(chart, { runs, last, events, width }) {
  const page = sheet(chart), decades = Math.max(1, Math.log10(width));
  /** @type {(neurons: number) => number} */
  const scale = (neurons) => Math.log10(Math.max(neurons, 1)) / decades;
  const ticks = [1, 10, 100, 1000, 10000].filter((v) => v <= 10 ** decades);
  /** @type {[number, string][]} */
  const named = ticks.map((v) => [v, v.toLocaleString("en")]);
  drawAxes(page, last, named, scale);
  drawEvents(page, last, events);
  runs.forEach(({ points }, run) => {
    drawLine(page, last, points, (point) => point.sparsity, scale, "sparse", run);
  });
  finish(page);
}
