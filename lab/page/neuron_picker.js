// Neurons looked at and picked on a chart, by mouse, touch or keyboard.
//
// The chart is a list box whose one option stands for the neuron under the cursor, so that a
// screen reader says which it is. Arrow keys go through the neurons by falling norm.

import { finderIn } from "./find.js";

export const NO_NEURON = "no neuron"; // an option must have a name
/** @type {Record<string, number>} */
const STEPS = {
  ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity,
};

export class Picker {
  // `source` answers run(), neuronAt(x, y), picked() (null where nothing can be picked) and
  // toggle(neuron); `moved` is called when the cursor has moved.
  /**
   * @param {ShownFigure} given
   * @param {Source} source
   * @param {() => void} moved
   * @param {AbortSignal} signal
   */
  constructor({ chart, readout }, source, moved, signal) {
    this.chart = chart;
    this.readout = readout;
    this.source = source;
    this.moved = moved;
    /** @type {number | null} */
    this.cursor = null; // the neuron under it
    this.option = finderIn(chart)("[role=option]");
    /** @type {(name: string, work: (event: any) => void) => void} */
    const listen = (name, work) => chart.addEventListener(name, work, { signal });
    listen("pointermove", (event) => event.pointerType === "mouse" && this.point(event));
    listen("pointerleave", () => chart !== document.activeElement && this.move(null));
    listen("blur", () => this.move(null));
    listen("click", (event) => this.point(event) && this.toggle());
    listen("keydown", (event) => this.press(event));
  }

  /** @type {(given: MouseEvent) => boolean} */
  point({ clientX, clientY }) {
    const box = this.chart.getBoundingClientRect();
    if (!this.source.run()?.ranking.length) return false;
    this.move(this.source.neuronAt(clientX - box.x, clientY - box.y));
    return true;
  }

  /** @type {(event: KeyboardEvent) => void} */
  press(event) {
    const neurons = this.source.run()?.ranking ?? new Uint32Array(), step = STEPS[event.key];
    if (event.key === " " || event.key === "Enter") this.cursor === null || this.toggle();
    else if (step === undefined || neurons.length === 0) return;
    else {
      const rank = this.cursor === null ? -1 : neurons.indexOf(this.cursor);
      const next = rank < 0 ? 0 : rank + step;
      this.move(neurons[Math.max(0, Math.min(neurons.length - 1, next))]);
    }
    event.preventDefault();
  }

  toggle() {
    if (this.cursor !== null) this.source.toggle(this.cursor);
    this.tell();
    this.moved();
  }

  /** @type {(neuron: number | null) => void} */
  move(neuron) {
    if (neuron === this.cursor) return;
    this.cursor = neuron;
    this.tell();
    this.moved();
  }

  tell() {
    const { cursor, option, readout, chart } = this;
    readout.textContent = cursor === null ? "" : this.describe(cursor);
    option.textContent = readout.textContent || NO_NEURON;
    const picked = cursor !== null && Boolean(this.source.picked()?.includes(cursor));
    option.setAttribute("aria-selected", String(picked));
    if (cursor === null) chart.removeAttribute("aria-activedescendant");
    else chart.setAttribute("aria-activedescendant", option.id);
  }

  /** @type {(neuron: number) => string} */
  describe(neuron) {
    const { ranking, sparsity, latest } = this.source.run(), picked = this.source.picked();
    const rank = ranking.indexOf(neuron), norm = latest.norms[neuron].toFixed(2);
    const suffices = rank < sparsity ? ", suffices" : "";
    const place = rank < 0 ? "removed" : `rank ${rank + 1}, norm ${norm}${suffices}`;
    const state = picked === null ? "" : picked.includes(neuron) ? ", picked" : ", not picked";
    return `neuron ${neuron}: ${place}${state}`;
  }
}
