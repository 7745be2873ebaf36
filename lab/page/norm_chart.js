// The chart of all neurons' norms.

import {
  COLOURS, drawAxes, drawEvents, epochScale, finish, niceTicks, sheet,
} from "./line_charts.js";

// Fit the chart's canvas to its box and the screen's pixels, clear it, return its context.
/** @type {(page: Sheet) => CanvasRenderingContext2D} */
export function paper(page) {
  const { chart, margin } = page;
  const canvas = /** @type {HTMLCanvasElement} */ (chart.querySelector("canvas"));
  const pixels = window.devicePixelRatio || 1;
  canvas.width = Math.round((page.width + margin.left + margin.right) * pixels);
  canvas.height = Math.round((page.height + margin.top + margin.bottom) * pixels);
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.scale(pixels, pixels);
  return ctx;
}

// All neurons' norms: a count per pixel, since a thousand lines one by one would take too long.
// Those that suffice at present are drawn over it, the largest also as lines; over these, as
// lines in the colour of the text, those marked: changed, picked, or under the cursor.
/** @type {(chart: HTMLElement, more: ChartData) => void} */
export function drawNorms(chart, { run, most, last, events, marked }) {
  const { points, ranking, sparsity } = run;
  const page = sheet(chart), ctx = paper(page);
  /** @type {(norm: number) => number} */
  const scale = (norm) => norm / most;
  drawAxes(page, last, niceTicks(most), scale);
  const columns = columnsOf(page, last, points);
  /** @type {(kind: keyof typeof COLOURS, neurons: Neurons) => Counts & { colour: string }} */
  const layer = (kind, neurons) => {
    const every = Math.ceil(neurons.length / MOST_LINES);
    const drawn = neurons.filter((_, rank) => rank % every === 0);
    return { colour: COLOURS[kind], ...countLines(page, columns, drawn, most) };
  };
  const lines = ranking.subarray(0, Math.min(sparsity, 40));
  const active = ranking.subarray(lines.length, sparsity);
  const layers = [layer("complement", ranking.subarray(sparsity)), layer("sparse", active)];
  paintCounts(ctx, page, layers, ranking.length);
  ctx.globalAlpha = 0.85;
  /** @type {(neuron: number, colour: string, thick: number) => void} */
  const line = (neuron, colour, thick) =>
    drawNeuron(ctx, page, last, points, neuron, scale, colour, thick);
  for (const neuron of lines) line(neuron, COLOURS.sparse, 1.5);
  ctx.globalAlpha = 1;
  ctx.setLineDash([3, 2]);
  for (const neuron of marked.slice(0, 60)) line(neuron, page.ink, 1);
  drawEvents(page, last, events);
  finish(page);
}

/** @type {(
 *   ctx: CanvasRenderingContext2D, page: Sheet, last: number, points: Point[], neuron: number,
 *   scale: (norm: number) => number, colour: string, thick: number
 * ) => void} */
function drawNeuron(ctx, page, last, points, neuron, scale, colour, thick) {
  const { margin: { top }, height } = page, across = epochScale(page, last);
  ctx.strokeStyle = colour;
  ctx.lineWidth = thick;
  ctx.beginPath();
  for (const { epoch, norms } of points) {
    ctx.lineTo(across(epoch), top + height * (1 - scale(norms[neuron])));
  }
  ctx.stroke();
}

// Return the neuron whose line passes nearest to a place of the norm chart.
/** @type {(chart: HTMLElement, more: ChartData, x: number, y: number) => number} */
export function neuronAtNorm(chart, { run: { points, ranking }, most, last }, x, y) {
  const page = sheet(chart), { margin: { top }, height } = page, across = epochScale(page, last);
  /** @type {(point: Point) => number} */
  const gap = (point) => Math.abs(across(point.epoch) - x);
  const { norms } = points.reduce((best, point) => (gap(point) < gap(best) ? point : best));
  const norm = (1 - (y - top) / height) * most;
  /** @type {(neuron: number) => number} */
  const far = (neuron) => Math.abs(norms[neuron] - norm);
  return ranking.reduce((best, neuron) => (far(neuron) < far(best) ? neuron : best));
}

const PITCH = 2; // pixels a column
const MOST_LINES = 2000; // of a kind, so that a frame never takes long

// For each column of pixels up to the present: between which two points it lies, and where.
/** @type {(page: Sheet, last: number, points: Point[]) => Column[]} */
function columnsOf(page, last, points) {
  const across = epochScale(page, last);
  /** @type {Column[]} */
  const columns = [];
  const places = points.map((point) => across(point.epoch) - page.margin.left);
  for (let x = 0, i = 0; x <= places[places.length - 1]; x += PITCH) {
    while (i + 1 < places.length - 1 && places[i + 1] <= x) i += 1;
    const next = Math.min(i + 1, places.length - 1);
    const share = next > i ? Math.min(1, (x - places[i]) / (places[next] - places[i])) : 0;
    columns.push([points[i].norms, points[next].norms, share]);
  }
  return columns;
}

// How many of the neurons' lines pass each pixel, column by column.
/** @type {(given: Sheet, columns: Column[], neurons: Neurons, most: number) => Counts} */
function countLines({ width, height }, columns, neurons, most) {
  const wide = Math.ceil(width / PITCH) + 1, tall = Math.ceil(height) + 1;
  const counts = new Uint16Array(wide * tall);
  const before = new Int32Array(neurons.length).fill(-1);
  columns.forEach(([from, to, share], x) => {
    const drop = (tall - 1) / most, column = x * tall;
    for (let i = 0; i < neurons.length; i++) {
      const norm = from[neurons[i]] * (1 - share) + to[neurons[i]] * share;
      const y = (tall - 1 - norm * drop) | 0;
      let at = before[i] < 0 ? y : before[i];
      do {
        at += at < y ? 1 : at > y ? -1 : 0; // joins to the column before
        counts[column + at] += 1;
      } while (at !== y);
      before[i] = y;
    }
  });
  return { counts, wide, tall };
}

// Paint the counts, the more lines the more solid; a later layer hides an earlier one.
/** @type {(
 *   ctx: CanvasRenderingContext2D, more: Sheet, layers: (Counts & { colour: string })[],
 *   neurons: number
 * ) => void} */
function paintCounts(ctx, { margin }, layers, neurons) {
  const { wide, tall } = layers[0];
  const image = new ImageData(wide, tall);
  const pixels = new Uint32Array(image.data.buffer);
  const dense = Math.max(2, neurons / 40); // so many lines on a pixel look almost solid
  for (const { counts, colour } of layers) {
    const [r, g, b] = [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));
    const shades = Uint32Array.from({ length: neurons + 1 }, (_, count) => {
      const alpha = 255 * Math.max(0.3, 1 - Math.exp((-3 * count) / dense));
      return (alpha << 24) | (b << 16) | (g << 8) | r;
    });
    for (let x = 0; x < wide; x++) {
      for (let y = 0; y < tall; y++) {
        const count = counts[x * tall + y];
        if (count > 0) pixels[y * wide + x] = shades[count];
      }
    }
  }
  const layer = new OffscreenCanvas(wide, tall);
  layer.getContext("2d")?.putImageData(image, 0, 0);
  ctx.drawImage(layer, margin.left, margin.top, PITCH * wide, tall);
}
