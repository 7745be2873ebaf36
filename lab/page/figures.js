// The figures of the page: which there are, and when they are drawn.

import { allPoints, drawAccuracy, drawLoss, drawSparsity } from "./line_charts.js";
import { NO_NEURON, Picker } from "./neuron_picker.js";
import { finderIn } from "./find.js";
import { drawNorms, neuronAtNorm } from "./norm_chart.js";
import { drawMedian, drawSeeds } from "./seed_charts.js";
import { RUNS } from "./summary.js";
import { drawWeights, neuronAtWeight } from "./weight_chart.js";

const KINDS_OF_NEURON = ["suffice", "the rest"];
const SIGNS = ["negative", "positive", "suffices"];

// name, title, what draws it, its keys; for a chart of neurons its run and what finds one
/** @type {[string, string, Figure["draw"], string[], number?, Figure["neuronAt"]?][]} */
const LIST = [
  ["median", "Test accuracy over seeds", drawMedian, ["median", "middle half"]],
  ["seeds", "When each seed generalizes", drawSeeds, ["generalizes", "not by the end"]],
  ["accuracy", "Accuracy", drawAccuracy, ["train", "test"]],
  ["norms", "Norms of all neurons", drawNorms, KINDS_OF_NEURON, 0, neuronAtNorm],
  ["norms-changed", "Norms in the changed run", drawNorms, KINDS_OF_NEURON, 1, neuronAtNorm],
  ["weights", "Weights on the bits", drawWeights, SIGNS, 0, neuronAtWeight],
  ["weights-changed", "Weights in the changed run", drawWeights, SIGNS, 1, neuronAtWeight],
  ["loss", "Hinge loss", drawLoss, ["train", "test"]],
  ["sparsity", "Neurons that suffice", drawSparsity, []],
];
/** @type {Figure[]} */
export const FIGURES = LIST.map(([name, title, draw, keys, run, neuronAt]) =>
  ({ name, title, draw, keys, run, neuronAt }));

/** @type {(id: string, more: Figure) => string} */
export function figureMarkup(id, { name, title, keys, neuronAt }) {
  /** @type {(key: string, more: string) => string} */
  const keyOf = (key, more) => `<span class="gl-key ${more}" data-key="${key}">${key}</span>`;
  const all = keys.map((key) => keyOf(key, ""));
  if (!neuronAt) all.push(...RUNS.map((run) => keyOf(run, "gl-pair")));
  const layers = `<canvas></canvas><svg aria-hidden="true"></svg>`;
  const chart = neuronAt
    ? `<div class="gl-chart" role="listbox" tabindex="0" aria-multiselectable="true"
         aria-label="${title}">${layers}<span class="gl-readout" aria-hidden="true"></span>
       <span role="option" id="${id}-${name}-option" class="gl-unseen" aria-selected="false">${NO_NEURON}</span></div>`
    : `<div class="gl-chart" role="img" aria-label="${title}">${layers}</div>`;
  return `<figure class="gl-${name}"><figcaption><b>${title}</b>${all.join("")}</figcaption>
    ${chart}</figure>`;
}

export class Figures {
  // `form` knows which neurons are picked; `drawn` is called when all figures show the present.
  /**
   * @param {HTMLElement} root
   * @param {Session} session
   * @param {Form} form
   * @param {() => void} drawn
   */
  constructor(root, session, form, drawn) {
    this.session = session;
    this.form = form;
    this.drawn = drawn;
    this.stale = this.drawing = this.closed = false;
    /** @type {Picker[]} */
    this.pickers = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.next = undefined;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.figures = FIGURES.map((figure) => {
      const chart = finderIn(root)(`.gl-${figure.name} .gl-chart`);
      return { ...figure, chart, readout: finderIn(chart)(".gl-readout") };
    });
    this.sizes = new ResizeObserver(() => this.redraw());
    for (const { chart } of this.figures) this.sizes.observe(chart);
  }

  // Let neurons be looked at, and picked by `toggle`.
  /** @type {(toggle: (neuron: number) => void, signal: AbortSignal) => void} */
  pick(toggle, signal) {
    const charts = this.figures.filter(({ neuronAt }) => neuronAt);
    this.pickers = charts.map((figure) => new Picker(figure, {
      run: () => this.session.runs[figure.run ?? 0],
      neuronAt: (x, y) => figure.neuronAt?.(figure.chart, this.dataOf(figure), x, y) ?? 0,
      picked: () => (this.form.picking ? this.form.picked : null),
      toggle,
    }, () => this.redraw(), signal));
  }

  /** @type {(given: { run?: number }) => ChartData} */
  dataOf({ run: which = 0 }) {
    const { runs, repeat, second } = this.session, run = runs[which], { settings } = runs[0];
    const cursors = this.pickers.map(({ cursor }) => cursor).filter((cursor) => cursor !== null);
    return {
      runs, run, repeat, events: this.session.events(),
      width: settings.width, nBits: settings.n_bits, kRelevant: settings.k_relevant,
      last: Math.max(settings.epochs, ...runs.map(({ epoch }) => epoch)),
      most: 1.05 * Math.max(1, ...allPoints(runs).map((point) => point.largest)),
      marked: [...(second?.neurons ?? this.form.picked), ...cursors],
    };
  }

  // Draw what there is, a figure a frame, so that no task is long; again if asked meanwhile.
  async redraw() {
    this.stale = true;
    if (this.drawing) return;
    this.drawing = true;
    while (this.stale && !this.closed) {
      this.stale = false;
      for (const figure of this.figures.filter(({ chart }) => chart.offsetWidth > 0)) {
        await new Promise(requestAnimationFrame);
        if (!this.closed && this.session.ready) this.draw(figure);
      }
      const { runs } = this.session, drawn = () => runs.forEach((run) => run.drawn());
      clearTimeout(this.next);
      this.next = setTimeout(drawn, this.calm.matches ? 1000 : 0);
    }
    this.drawing = false;
  }

  /** @type {(figure: ShownFigure) => void} */
  draw(figure) {
    const { draw, chart, title, name } = figure, { repeat } = this.session;
    const ofSeeds = name === "median" || name === "seeds";
    if ((ofSeeds && !repeat) || (figure.run ?? 0) >= this.session.runs.length) return;
    draw(chart, this.dataOf(figure));
    const told = ofSeeds && repeat ? repeat.summary() : this.session.summary(this.form.guess);
    chart.setAttribute("aria-label", `${title}. ${told}`);
    if (name === "accuracy") this.drawn();
  }

  close() {
    this.closed = true;
    this.sizes.disconnect();
  }
}
