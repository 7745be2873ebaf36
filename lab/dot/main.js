// Put your own dot on it: a run that the reader chooses, a prediction, and the picture of all waits.

import { inNotebook } from "../page/address.js";
import { finderIn } from "../page/find.js";
import { labelled, radios, textField } from "../page/form.js";
import { newWorker, reason } from "../page/run_in_worker.js";
import { fault, parsed } from "../page/settings.js";
import { DOT_FIELDS } from "../shared/rules.js";
import { drawDots, sample } from "./chart.js";
import { keep, keptDots } from "./kept.js";
import { answersOf, digits, readDot, settingsOf, stepsIn, ticksOf, told, waitOf, writeDot }
  from "./waits.js";

const FIRST = { n_bits: 30, n_train: 1000, k_relevant: 3, seed: 1 };

/** @type {(id: string, bits: string[]) => string} */
function markup(id, bits) {
  const fields = Object.entries(DOT_FIELDS).map(([name, { label }]) => {
    if (name !== "k_relevant") return textField(id, name, label, "numeric");
    const options = bits.map((k) => `<option>${k}</option>`).join("");
    return labelled(id, name, label, (own) => `<select ${own}>${options}</select>`);
  });
  const keys = bits.map((k) => `<span class="gl-mark">${sample(Number(k))} ${k} bits</span>`);
  return `<section class="gl gl-own" aria-label="Put your own dot on it" data-running="false">
    <form class="gl-form" novalidate><div class="gl-fields">${fields.join("")}</div>
      <fieldset class="gl-chips gl-guess"><legend></legend><div></div></fieldset>
      <div class="gl-controls"><button type="submit" class="gl-primary">Train it</button>
        <button type="button" data-do="seed">Another seed</button>
        <button type="button" data-do="clear" hidden>Clear my dots</button></div></form>
    <p class="gl-status" role="status" aria-live="polite"></p>
    <div class="gl-dots"><figure><figcaption><b>Wait after memorizing</b>${keys.join("")}
      <span>line: 3 bits, frozen; filled and numbered: yours; pointing up: not done by then; bar:
      what you predicted</span></figcaption>
      <div class="gl-chart" role="img"><svg></svg></div></figure></div>
    <ol class="gl-kept"></ol>
  </section>`;
}

class DotPage {
  /**
   * @param {HTMLElement} el
   * @param {{ points: Place[], line: Line, horizons: Record<string, number> }} given
   */
  constructor(el, { points, line, horizons }) {
    this.id = `gd-${Math.random().toString(36).slice(2)}`;
    el.innerHTML = markup(this.id, Object.keys(horizons));
    this.find = finderIn(/** @type {HTMLElement} */ (el.firstElementChild));
    this.points = points;
    this.line = line;
    this.horizons = horizons;
    this.dots = keptDots();
    /** @type {Dot | null} */
    this.now = null; // the run under way
    /** @type {Worker | null} */
    this.worker = null;
    this.said = 0;
    this.chart = this.find(".gl-chart");
    this.chart.id = `${this.id}-chart`;
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.chart);
    this.leaving = new AbortController();
    this.listen();
    this.open(inNotebook() ? "" : location.search);
    this.showDots();
  }

  listen() {
    const { signal } = this.leaving, form = this.find("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.worker) this.stop("Stopped; a run that is cut short leaves no dot.");
      else this.train();
    }, { signal });
    form.addEventListener("change", ({ target }) => {
      if (!(/** @type {HTMLInputElement} */ (target).name.endsWith("guess"))) this.ask();
    }, { signal });
    form.addEventListener("click", ({ target }) => {
      const { do: action } = /** @type {HTMLElement} */ (target).dataset;
      if (action === "seed") this.next();
      if (action === "clear") this.clear();
    }, { signal });
    const hide = () => this.worker?.postMessage({ command: document.hidden ? "pause" : "train" });
    document.addEventListener("visibilitychange", hide, { signal });
  }

  close() {
    this.worker?.terminate();
    this.sizes.disconnect();
    this.leaving.abort();
  }

  // -- what is asked for

  /** @type {(name: string) => Control} */
  input(name) {
    return this.find(`[name="${name}"]`);
  }

  // Fill in what the page's address asks for, or a first run.
  /** @type {(query: string) => void} */
  open(query) {
    const { texts, faults } = readDot(query), asked = Object.keys(texts).length > 0;
    for (const [name, value] of Object.entries({ ...FIRST, ...texts })) {
      this.input(name).value = String(value);
    }
    this.ask();
    if (!asked) return;
    const wrong = faults.length > 0 ? ` The rest of the address is not understood: ${faults.join(" ")}` : "";
    this.say(`Set up as the link says: say what you expect, then train it.${wrong}`);
    requestAnimationFrame(() => this.find("form").scrollIntoView({ block: "start" }));
  }

  // Return what the fields ask for; show what is wrong with them and return null.
  read() {
    /** @type {Record<string, number>} */
    const asked = {};
    const n_bits = parsed(this.input("n_bits").value);
    /** @type {Control | null} */
    let first = null;
    for (const name of Object.keys(DOT_FIELDS)) {
      const input = this.input(name);
      // A list that lacks what an address asks for shows nothing.
      const wrong = fault(name, input.value, { n_bits }, DOT_FIELDS);
      asked[name] = parsed(input.value);
      if (wrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      this.find(`#${input.id}-fault`).textContent = wrong;
      if (wrong) first ??= input;
    }
    return { asked: /** @type {typeof FIRST} */ (asked), wrong: first };
  }

  // Ask for a prediction of what the fields say, and forget that of another run.
  ask() {
    const { asked, wrong } = this.read(), legend = this.find(".gl-guess legend");
    this.find(".gl-guess").hidden = Boolean(wrong);
    if (wrong) return;
    const horizon = this.horizons[asked.k_relevant], skip = this.guess === "none";
    const answers = Object.entries(answersOf(this.line, asked, horizon));
    const other = asked.k_relevant === 3 ? "" : ` (The line is that of 3 bits.)`;
    legend.textContent = "Your prediction: how many ticks will it wait after memorizing?"
      + ` A tick is ${stepsIn(1).toLocaleString("en")} steps, here`
      + ` ${digits(1 / ticksOf(1, asked.n_train))} epochs.${other}`;
    this.find(".gl-guess div").innerHTML =
      radios(this.id, "guess", answers.map(([name, [text]]) => [name, text]));
    if (skip) this.find('[value="none"]').checked = true;
    this.draw();
  }

  get guess() {
    return this.find(".gl-guess :checked")?.value ?? null;
  }

  next() {
    const seed = this.input("seed"), value = parsed(seed.value);
    seed.value = String(Number.isSafeInteger(value + 1) ? value + 1 : 0);
    this.ask();
  }

  clear() {
    this.dots = [];
    this.say("Your dots are gone; the stored settings stay.");
    this.showDots();
    this.find("[type=submit]").focus();
  }

  // -- the run

  train() {
    const { asked, wrong } = this.read();
    if (wrong) return wrong.focus();
    if (this.guess === null) {
      this.say("First your prediction: how long will it wait?");
      return this.find(".gl-guess input").focus();
    }
    const horizon = this.horizons[asked.k_relevant], settings = settingsOf(asked, horizon);
    const guess = answersOf(this.line, asked, horizon)[this.guess][1];
    const none = { memorization: null, generalization: null };
    this.now = { ...asked, guess, ...none, last: 0, ...waitOf(settings, none, 0) };
    this.worker = newWorker();
    this.worker.onmessage = ({ data }) => this.receive(data, settings);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.stop(`Stopped: ${reason(event)}.`);
    };
    this.worker.postMessage({ command: "wait", settings });
    this.said = performance.now();
    this.say(`Training, at most ${stepsIn(horizon).toLocaleString("en")} steps.`);
    this.showDots();
  }

  /** @type {(given: Wait, settings: Settings) => void} */
  receive({ epoch, events, done }, settings) {
    if (!this.now) return;
    this.now = { ...this.now, ...events, last: epoch, ...waitOf(settings, events, epoch) };
    if (done) return this.end(this.now);
    this.draw();
    if (performance.now() - this.said < 3000) return; // a screen reader reads it all
    const { memorization } = events, when = memorization ?? epoch;
    const state = memorization === null ? "not memorized yet"
      : `memorized at ${when}, waiting for ${digits(ticksOf(epoch - when, settings.n_train))} ticks`;
    this.say(`Training. Epoch ${epoch} of at most ${settings.epochs}: ${state}.`);
    this.said = performance.now();
  }

  /** @type {(dot: Dot) => void} */
  end(dot) {
    const address = writeDot(dot), others = this.dots.filter((old) => writeDot(old) !== address);
    this.dots = [...others, dot];
    this.stop(`Dot ${this.dots.length}: ${told(dot)}`);
  }

  /** @type {(why: string) => void} */
  stop(why) {
    this.worker?.terminate();
    this.worker = this.now = null;
    this.say(why);
    this.showDots();
  }

  // -- what is shown

  /** @type {(text: string) => void} */
  say(text) {
    this.find(".gl-status").textContent = text;
  }

  showDots() {
    keep(this.dots);
    const running = Boolean(this.worker), base = location.href.replace(/[?#].*/, "");
    const section = this.find("form").closest("section");
    section?.setAttribute("data-running", String(running));
    this.find("[type=submit]").textContent = running ? "Stop" : "Train it";
    this.find("[data-do=clear]").hidden = running || this.dots.length === 0;
    this.find("[data-do=seed]").disabled = running;
    for (const name of Object.keys(DOT_FIELDS)) this.input(name).disabled = running;
    this.find(".gl-kept").innerHTML = this.dots.map((dot) => {
      const { n_bits, n_train, k_relevant, seed } = dot;
      const steps = stepsIn(this.horizons[k_relevant]);
      const link = inNotebook() ? "" : `<a href="${base}${writeDot(dot)}">Run it again</a>, or `;
      return `<li>n = ${n_bits}, N = ${n_train.toLocaleString("en")}, k = ${k_relevant}, seed ${seed}:
        ${told(dot)} ${link}in Python
        <code>measure(${n_bits}, ${n_train}, ${k_relevant}, ${steps}, ${seed})</code>.</li>`;
    }).join("");
    this.draw();
  }

  draw() {
    const { chart, line, points, dots, now } = this;
    if (chart.offsetWidth === 0) return;
    drawDots(chart, line, points, dots, now);
    const own = dots.length > 0 ? ` Yours, numbered: ${dots.length}.` : "";
    chart.setAttribute("aria-label", `Wait in ticks over N / n to the power ${line.power.toFixed(2)}, `
      + `both logarithmic, of ${points.length} stored settings, with the line of 3 bits.${own}`);
  }
}

export default {
  /** @type {(given: { model: { get(name: string): any }, el: HTMLElement }) => () => void} */
  render({ model, el }) {
    const given = { points: model.get("points"), line: model.get("line"), horizons: model.get("horizons") };
    const page = new DotPage(el, given);
    return () => page.close();
  },
};
