// The charts of ten seeds.

import {
  at, COLOURS, DASHES, drawAxes, epochScale, finish, MARGIN, rule, SHARES, sheet, words,
} from "./line_charts.js";
import { N_SEEDS, quantile } from "./ten_seeds.js";

// The median of test accuracy over seeds, with the middle half of them as a band.
/** @type {(chart: HTMLElement, more: ChartData) => void} */
export function drawMedian(chart, { repeat, last }) {
  if (!repeat) return;
  const page = sheet(chart), { margin: { top }, height } = page, across = epochScale(page, last);
  drawAxes(page, last, SHARES, (share) => share);
  for (const kind of repeat.change ? [0, 1] : [0]) {
    const runs = repeat.runs(kind);
    if (runs.length === 0) continue;
    /** @type {(share: number) => string[]} */
    const line = (share) => [...runs[0].test.keys()].map((epoch) => {
      const value = quantile(runs.map((run) => run.test[epoch]), share);
      return `${at(across(epoch))} ${at(top + height * (1 - value))}`;
    });
    const band = [...line(0.25), ...line(0.75).reverse()].join("L");
    const look = `stroke="${COLOURS.test}" stroke-width="2.4" stroke-dasharray="${DASHES[kind]}"`;
    page.marks.push(
      `<path d="M${band}Z" fill="${COLOURS.test}" opacity="${kind ? 0.14 : 0.24}"/>`,
      `<path d="M${line(0.5).join("L")}" fill="none" ${look}/>`,
    );
  }
  finish(page);
}

// When each seed generalizes: a dot undisturbed, a ring changed. One that has not by its last
// epoch stands at the end as a triangle that points on.
/** @type {(chart: HTMLElement, more: ChartData) => void} */
export function drawSeeds(chart, { repeat, last }) {
  if (!repeat) return;
  const wide = 14 + 6.5 * String(repeat.seeds.at(-1)).length;
  const page = sheet(chart, { ...MARGIN, left: Math.min(130, wide) });
  const { margin: { left, top }, width, height, ink, faint } = page;
  const across = epochScale(page, last);
  drawAxes(page, last, [], (share) => share);
  repeat.seeds.forEach((seed, row) => {
    const y = top + (height * (row + 0.5)) / N_SEEDS;
    rule(page, left, y, left + width, y, faint);
    words(page, left - 6, y + 4, seed, "end");
    const { runs = [], fault } = repeat.results.find((result) => result.seed === seed) ?? {};
    if (fault) words(page, left + 6, y + 4, "stopped");
    const places = runs.map(({ events, epoch }) => across(events.generalization ?? epoch));
    if (places.length > 1) rule(page, places[0], y, places[1], y, ink);
    places.forEach((x, kind) => {
      const fill = kind ? "none" : COLOURS.test;
      const look = `fill="${fill}" stroke="${COLOURS.test}" stroke-width="2"`;
      page.marks.push(runs[kind].events.generalization === null
        ? `<path d="M${at(x - 10 + 3 * kind)} ${at(y - 5)}l9 5l-9 5Z" ${look} data-censored="${seed}"/>`
        : `<circle cx="${at(x)}" cy="${at(y)}" r="${kind ? 5 : 4}" ${look}/>`);
    });
  });
  finish(page);
}
