// The map of the weights on the bits, of the neurons with the largest norms.

import { at, COLOURS, finish, rule, sheet, words } from "./line_charts.js";
import { paper } from "./norm_chart.js";

const HEAT = { negative: "#7B4FC9", positive: "#C98A00" };
const HEAT_MARGIN = { left: 26, right: 2, top: 20, bottom: 22 };

// A green bar stands beside those that suffice, a point beside those marked.
/** @type {(chart: HTMLElement, more: ChartData) => void} */
export function drawWeights(chart, { run: { heat, ranking, sparsity }, nBits, kRelevant, marked }) {
  const page = sheet(chart, HEAT_MARGIN), ctx = paper(page);
  const { margin: { left, top }, width, height, ink } = page;
  const rows = heat.length / nBits, w = width / nBits, h = height / rows;
  const most = heat.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-12);
  heat.forEach((weight, i) => {
    ctx.globalAlpha = Math.sqrt(Math.abs(weight) / most); // the root, to see the small ones die
    ctx.fillStyle = weight < 0 ? HEAT.negative : HEAT.positive;
    const x = left + w * (i % nBits), y = top + h * Math.floor(i / nBits);
    ctx.fillRect(x, y, w - (w > 6 ? 1 : 0), h - (h > 4 ? 0.5 : 0));
  });
  /** @type {(x: number, y: number, wide: number, tall: number, colour: string) => void} */
  const box = (x, y, wide, tall, colour) => void page.marks.push(
    `<rect x="${at(x)}" y="${at(y)}" width="${at(wide)}" height="${at(tall)}" fill="${colour}"/>`);
  box(left - 6, top, 3.5, h * Math.min(sparsity, rows), COLOURS.sparse);
  box(left, top - 4, w * kRelevant - 1, 1.5, ink);
  words(page, left, top - 8, kRelevant === 1 ? "relevant bit" : "relevant bits");
  for (let row = 0; row < rows; row++) {
    if (!marked.includes(ranking[row])) continue;
    const middle = at(top + h * (row + 0.5)), below = top + h * (row + 1) - 1;
    page.marks.push(`<circle cx="${left - 10}" cy="${middle}" r="2.6" fill="${ink}"/>`);
    rule(page, left, below, left + width, below, ink, 'stroke-dasharray="1 2"');
  }
  for (const bit of [1, 10, 20, 30, 40, 60, 80, 100].filter((b) => b <= nBits)) {
    words(page, left + w * (bit - 0.5), top + height + 14, bit, "middle");
  }
  const turned = `transform="rotate(-90 10 ${at(top + height / 2)})"`;
  words(page, 10, top + height / 2, `${rows} largest neurons`, "middle", turned);
  finish(page);
}

// Return the neuron whose row holds a place of the weight map.
/** @type {(chart: HTMLElement, more: ChartData, x: number, y: number) => number} */
export function neuronAtWeight(chart, { run: { heat, ranking }, nBits }, x, y) {
  const { margin: { top }, height } = sheet(chart, HEAT_MARGIN), rows = heat.length / nBits;
  return ranking[Math.max(0, Math.min(rows - 1, Math.floor(((y - top) / height) * rows)))];
}
