// The form: presets, settings, the change on the way and the prediction; what is wrong beside each.

import { PAPER } from "../shared/given.js";
import { EXPERIMENTS, FIELDS, has, NEURON_CHANGES, STARTS, WEIGHT_SHARES } from "../shared/rules.js";
import { NO_CHANGE } from "./address.js";
import { finderIn } from "./find.js";
import { changeFaults, changeOf, fault, listed, LISTS, parsed } from "./settings.js";
import { asked, questionOf } from "./summary.js";

const NEW_VALUE = "New value";
export const CHANGE_FIELDS = ["change", "set", "neurons", "at", "epoch", "to"];

// A control with its label and a place for what is wrong with it.
/** @type {(id: string, name: string, label: string, control: (own: string) => string) => string} */
export function labelled(id, name, label, control) {
  const own = `id="${id}-${name}" name="${name}" aria-describedby="${id}-${name}-fault"`;
  return `<div class="gl-field" data-field="${name}"><label for="${id}-${name}">${label}</label>
    ${control(own)}<p class="gl-fault" id="${id}-${name}-fault"></p></div>`;
}

/** @type {(id: string, name: string, label: string, mode: string) => string} */
export const textField = (id, name, label, mode) => labelled(id, name, label, (own) =>
  `<input ${own} type="text" inputmode="${mode}" autocomplete="off">`);

/** @type {(id: string, name: string, label: string) => string} */
function choiceField(id, name, label) {
  const options = Object.entries(LISTS[name]).map(([value, text]) =>
    `<option value="${value}">${text}</option>`);
  return labelled(id, name, label, (own) => `<select ${own}>${options.join("")}</select>`);
}

/** @type {(id: string, group: string, names: [string, string][]) => string} */
export const radios = (id, group, names) => names.map(([value, text]) =>
  `<label><input type="radio" name="${id}-${group}" value="${value}"><span>${text}</span></label>`,
).join("");

/** @type {(id: string) => string} */
export function formMarkup(id) {
  /** @type {(group: object) => string} */
  const presets = (group) => radios(id, "preset", Object.keys(group).map((name) => [name, name]));
  const fields = Object.entries(FIELDS).map(([name, { label, whole }]) =>
    textField(id, name, label, whole ? "numeric" : "decimal"));
  return `<form class="gl-form" novalidate>
    <fieldset class="gl-chips gl-presets"><legend>Start from</legend>${presets(STARTS)}</fieldset>
    <details class="gl-experiments"><summary>or try an experiment</summary>
      <fieldset class="gl-chips gl-presets"><legend class="gl-unseen">Experiments</legend>
        ${presets(EXPERIMENTS)}</fieldset></details>
    <details class="gl-settings"><summary>Settings</summary>
      <div class="gl-fields">${fields.join("")}</div>
      <p class="gl-hint">A changed setting starts over from fresh weights; only the number of
        epochs can change during a run.</p></details>
    <details class="gl-change"><summary>Change it on the way</summary>
      <div class="gl-fields">
        ${choiceField(id, "change", "In a second run, change")}
        ${choiceField(id, "set", "Which neurons")}
        ${textField(id, "neurons", "Their numbers", "text")}
        ${textField(id, "to", NEW_VALUE, "decimal")}
        ${choiceField(id, "at", "When")}
        ${textField(id, "epoch", "After epoch", "numeric")}</div>
      <p class="gl-hint" data-for="neurons">Click neurons in the charts below, or go to a chart by
        the Tab key, through the neurons by the arrow keys, and pick with the space bar.</p></details>
    <fieldset class="gl-chips gl-guess" hidden><legend></legend><div></div></fieldset>
  </form>`;
}

export class Form {
  /**
   * @param {HTMLElement} element
   * @param {string} id
   */
  constructor(element, id) {
    this.element = element;
    this.id = id;
    this.find = finderIn(element);
    /** @type {Control | null} */
    this.wrong = null; // the first field that is, and what is wrong with it
    this.fault = "";
    this.picking = false; // whether neurons are picked by hand
    this.showChange();
  }

  /** @type {(name: string) => Control} */
  input(name) {
    return this.find(`[name="${name}"]`);
  }

  /** @type {(texts: Record<string, string | number>) => void} */
  fill(texts) {
    for (const [name, value] of Object.entries(texts)) this.input(name).value = String(value);
    this.showChange();
  }

  // Fill in a preset; an experiment starts from the paper.
  /** @type {(preset: string) => void} */
  choose(preset) {
    this.fill({ ...PAPER, ...NO_CHANGE, ...{ ...STARTS, ...EXPERIMENTS }[preset] });
    this.check(preset);
    const folds = has(EXPERIMENTS, preset) ? [".gl-change", ".gl-experiments"] : [];
    for (const fold of folds) this.find(fold).open = true;
  }

  // Show which preset is chosen; null shows none.
  /** @type {(preset: string | null) => void} */
  check(preset) {
    for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (
      this.element.querySelectorAll(".gl-presets input"))) {
      radio.checked = radio.value === preset;
    }
  }

  // Show what is wrong beside each field. Return { settings, change }, or null and note the first
  // wrong field in `wrong` and what is wrong in `fault`.
  /** @returns {Plan | null} */
  read() {
    const names = Object.keys(FIELDS), settings = { ...PAPER };
    /** @type {Texts} */
    const texts = {};
    /** @type {Texts} */
    const faults = {};
    for (const name of [...names, ...CHANGE_FIELDS]) texts[name] = this.input(name).value;
    for (const name of names) settings[name] = parsed(texts[name]);
    for (const name of names) faults[name] = fault(name, texts[name], settings);
    Object.assign(faults, changeFaults(texts, settings));
    this.wrong = null;
    for (const name of Object.keys(texts)) this.mark(this.input(name), faults[name] ?? "");
    return this.wrong ? null : { settings, change: changeOf(texts) };
  }

  /** @type {(input: Control, told: string) => void} */
  mark(input, told) {
    input.toggleAttribute("data-wrong", Boolean(told));
    if (told) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    this.find(`#${input.id}-fault`).textContent = told;
    if (!told || this.wrong) return;
    this.wrong = input;
    this.fault = told;
    const fold = input.closest("details");
    if (fold) fold.open = true;
  }

  // Show the fields that the chosen change needs.
  showChange() {
    const kind = this.input("change").value, neurons = has(NEURON_CHANGES, kind);
    const picked = neurons && this.input("set").value === "picked";
    const later = kind !== "" && this.input("at").value === "epoch";
    const any = kind !== "", to = any && !neurons;
    const shown = { set: neurons, neurons: picked, to, at: any, epoch: later };
    for (const [name, show] of Object.entries(shown)) {
      this.find(`[data-field="${name}"]`).hidden = !show;
    }
    const toLabel = has(WEIGHT_SHARES, kind) ? WEIGHT_SHARES[kind].label : NEW_VALUE;
    this.find('[data-field="to"] label').textContent = toLabel;
    this.find('[data-for="neurons"]').hidden = !picked;
    this.picking = picked;
  }

  get picked() {
    return this.picking ? listed(this.input("neurons").value).map(Number) : [];
  }

  // -- the prediction

  // Ask what will be seen, and forget what was said before; without a change, ask nothing.
  /** @type {(given: Plan) => void} */
  ask({ change, settings }) {
    const box = this.find(".gl-guess"), before = this.guess;
    box.hidden = !change;
    if (!change) return;
    const { ask, answers } = asked(questionOf(change), settings.epochs);
    /** @type {[string, string][]} */
    const choices = [...Object.entries(answers), ["none", "I would rather see"]];
    this.find(".gl-guess legend").textContent = `Your prediction: ${ask}`;
    this.find(".gl-guess div").innerHTML = radios(this.id, "guess", choices);
    if (before === "none") this.find('.gl-guess [value="none"]').checked = true;
  }

  get guess() {
    return this.find(".gl-guess :checked")?.value ?? null;
  }

  /** @type {(guess: string | null) => void} */
  answer(guess) {
    const radio = guess && this.find(`.gl-guess [value="${guess}"]`);
    if (radio) radio.checked = true;
  }
}
