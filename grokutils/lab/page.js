// The page of the live lab: settings, buttons, a summary in words. The worker trains
// (WORKER_SOURCE, put before this text by lab.py), lab_charts.js draws.

const whole = { step: 1, mode: "numeric" };
const FIELDS = {
  nBits: { label: "Bits n", least: 2, most: 100, ...whole },
  kRelevant: { label: "Relevant bits k", least: 1, most: 100, ...whole },
  nTrain: { label: "Training samples", least: 1, most: 100000, ...whole },
  width: { label: "Neurons (width)", least: 1, most: 20000, ...whole },
  lr: { label: "Learning rate", above: 0, most: 10, mode: "decimal" },
  weightDecay: { label: "Weight decay", least: 0, most: 10, mode: "decimal" },
  batchSize: { label: "Batch size", least: 1, most: 2000, ...whole },
  seed: { label: "Seed", least: 0, most: 999999999, ...whole },
  epochs: { label: "Epochs", least: 1, most: 100000, ...whole },
};

const PAPER = {
  nBits: 40, kRelevant: 3, nTrain: 1000, width: 1000, lr: 0.1, weightDecay: 0.01,
  batchSize: 32, seed: 0, epochs: 300,
};
const PRESETS = {
  "the paper": {},
  "no weight decay": { weightDecay: 0 },
  "too little data": { nTrain: 300 },
  "plenty of data": { nTrain: 5000, epochs: 60 },
  "k = 4": { kRelevant: 4, epochs: 500 },
  "narrow": { width: 20, epochs: 500 },
};

const FIGURES = [
  ["accuracy", "Accuracy", drawAccuracy, ["train", "test"]],
  ["loss", "Hinge loss", drawLoss, ["train", "test"]],
  ["sparsity", "Effective sparsity", drawSparsity, []],
  ["norms", "Norms of all neurons", drawNorms, ["suffice", "the rest"]],
  ["weights", "Weights on the bits", drawWeights, ["negative", "positive", "suffices"]],
];

const number = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 });
const percent = (share) => `${Math.floor(100 * share + 1e-9)} %`; // 99.9 % is not yet 100 %

// ---- What is asked of a setting, and what settings cost.

// Return what is wrong with the text of a field, or "".
function fault(name, text, values) {
  const { label, least, above, most, step } = FIELDS[name];
  const highest = name === "kRelevant" ? Math.min(most, values.nBits || most) : most;
  const value = text.trim() === "" ? NaN : Number(text);
  const inRange = (above === undefined ? value >= least : value > above) && value <= highest;
  if (inRange && (step === undefined || Number.isInteger(value))) return "";
  const from = above === undefined ? `from ${least} to` : `above ${above} and at most`;
  const kind = step === undefined ? "a number" : "a whole number";
  const why = highest < most && name === "kRelevant" ? ", the number of bits" : "";
  return `${label} must be ${kind} ${from} ${number(highest)}${why}.`;
}

const stepsOf = ({ nTrain, batchSize, epochs }) => epochs * Math.ceil(nTrain / batchSize);

// Additions, up to a factor; each step also fills tables as long as a dozen samples.
const workOf = (s) => (Math.min(s.batchSize, s.nTrain) + 12) * (s.nBits + 17) * s.width;

// Bytes: weights twice, activations and gradients, the examples, the norms of measured epochs.
function memoryOf(s) {
  const measured = Math.min(s.epochs, 50) + 50 * Math.log(Math.max(1, s.epochs / 50));
  const numbers = 2 * (s.nBits + 17) + 2 * Math.min(s.batchSize, s.nTrain) + 64 + measured;
  return 8 * numbers * s.width + 2 * s.nTrain * s.nBits;
}

const LONG = 180; // seconds
const LARGE = 400e6; // bytes

function duration(seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172800 ? `${Math.round(seconds / 3600)} h` : `${number(Math.round(seconds / 86400))} days`;
}

// ---- The page.

function markup(id) {
  const presets = Object.keys(PRESETS).map((name) =>
    `<label><input type="radio" name="${id}-preset" value="${name}"><span>${name}</span></label>`);
  const fields = Object.entries(FIELDS).map(([name, { label, mode }]) =>
    `<div class="gl-field"><label for="${id}-${name}">${label}</label>
     <input id="${id}-${name}" name="${name}" type="text" inputmode="${mode}" autocomplete="off"
       aria-describedby="${id}-${name}-fault">
     <p class="gl-fault" id="${id}-${name}-fault"></p></div>`);
  const figures = FIGURES.map(([name, title, , keys]) =>
    `<figure class="gl-${name}"><figcaption id="${id}-${name}-title"><b>${title}</b>
     ${keys.map((key) => `<span class="gl-key" data-key="${key}">${key}</span>`).join("")}
     </figcaption><canvas role="img" aria-label="${title}"></canvas></figure>`);
  const tiles = ["Epoch", "Train accuracy", "Test accuracy", "Neurons that suffice", "Steps a second"];
  return `<section class="gl" aria-label="Live training lab">
    <form class="gl-form" novalidate>
      <fieldset class="gl-presets"><legend>Start from</legend>${presets.join("")}</fieldset>
      <details><summary>Settings</summary>
        <div class="gl-fields">${fields.join("")}</div>
        <p class="gl-hint">A changed setting starts over from fresh weights; only the number of
          epochs can change during a run.</p></details>
    </form>
    <div class="gl-ask" role="group" aria-label="Confirm the cost" hidden><p></p>
      <button type="button" data-do="accept">Use these settings</button>
      <button type="button" data-do="decline">Go back</button></div>
    <div class="gl-controls">
      <button type="button" data-do="train" class="gl-primary">Train</button>
      <button type="button" data-do="epoch">One epoch</button>
      <button type="button" data-do="reset">Reset</button></div>
    <p class="gl-status" role="status" aria-live="polite"></p>
    <dl class="gl-tiles">${tiles.map((t) => `<div><dt>${t}</dt><dd></dd></div>`).join("")}</dl>
    <div class="gl-figures">${figures.join("")}</div>
  </section>`;
}

class Page {
  constructor(el, preset) {
    el.innerHTML = markup(`gl-${Math.random().toString(36).slice(2)}`);
    this.root = el.firstElementChild;
    this.find = (selector) => this.root.querySelector(selector);
    this.canvases = [...this.root.querySelectorAll("canvas")];
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.secondsPerWork = 4.5e-10; // until a run has shown this machine's own
    this.find("details").open = el.getBoundingClientRect().width > 640;
    this.fill({ ...PAPER, ...PRESETS[preset] });
    this.find(`[value="${preset}"]`).checked = true;
    this.listen();
    this.reset();
  }

  listen() {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    this.root.addEventListener("click", (event) => this.press(event.target.dataset.do), { signal });
    this.find("form").addEventListener("change", (event) => this.change(event.target), { signal });
    this.find("form").addEventListener("submit", (event) => event.preventDefault(), { signal });
    document.addEventListener("visibilitychange", () => this.hideOrShow(), { signal });
    dark.addEventListener("change", () => this.redraw(), { signal });
    this.sizes = new ResizeObserver(() => this.redraw());
    this.sizes.observe(this.root);
    this.theme = new MutationObserver(() => this.redraw());
    const watched = { attributeFilter: ["data-theme", "theme", "data-jp-theme-light"] };
    for (const element of [document.documentElement, document.body]) this.theme.observe(element, watched);
  }

  close() {
    this.worker?.terminate();
    this.worker = null;
    this.leaving.abort();
    this.sizes.disconnect();
    this.theme.disconnect();
  }

  // -- settings

  fill(settings) {
    for (const [name, value] of Object.entries(settings)) this.find(`[name="${name}"]`).value = value;
  }

  // Show what is wrong beside each field; return the settings, or null if a field is wrong.
  read() {
    const inputs = Object.keys(FIELDS).map((name) => this.find(`[name="${name}"]`));
    const values = Object.fromEntries(inputs.map((input) => [input.name, Number(input.value)]));
    const faults = inputs.map((input) => fault(input.name, input.value, values));
    inputs.forEach((input, i) => {
      if (faults[i]) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      input.nextElementSibling.textContent = faults[i];
    });
    const first = faults.findIndex(Boolean);
    this.wrong = inputs[first];
    if (first >= 0) {
      this.find("details").open = true;
      this.find(".gl-ask").hidden = true;
      this.say(faults[first]);
    }
    return first < 0 ? values : null;
  }

  change(input) {
    if (input.type === "radio") this.fill({ ...PAPER, ...PRESETS[input.value] });
    else if (input.name !== "epochs") for (const r of this.root.querySelectorAll(":checked")) r.checked = false;
    const settings = this.read();
    if (!settings) this.send("pause");
    else if (input.name !== "epochs" || !this.worker) this.reset();
    else if (this.mayCost(settings)) {
      this.settings = settings;
      this.send(this.running ? "train" : "pause"); // it reports, so the axis is drawn anew
    }
  }

  // Whether to go on; if the settings cost a lot, say how much and wait for an answer.
  mayCost(settings) {
    const seconds = stepsOf(settings) * workOf(settings) * this.secondsPerWork;
    const bytes = memoryOf(settings);
    const ask = this.find(".gl-ask");
    this.asked = seconds > LONG || bytes > LARGE ? settings : null;
    ask.hidden = !this.asked || JSON.stringify(settings) === this.accepted;
    if (ask.hidden) {
      this.accepted = JSON.stringify(settings); // not asked again when this machine proves slow
      return true;
    }
    this.send("pause");
    ask.firstElementChild.textContent = `These settings take ${number(stepsOf(settings))} steps: about `
      + `${duration(seconds)} and ${number(bytes / 1e6)} MB of memory in this browser.`;
    this.say(ask.firstElementChild.textContent);
    return false;
  }

  // -- the worker

  reset() {
    const settings = this.read();
    if (!settings || !this.mayCost(settings)) return;
    this.worker?.terminate();
    this.settings = settings;
    this.points = [];
    this.report = null;
    this.running = false;
    this.showControls();
    const url = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" }));
    this.worker = new Worker(url);
    this.worker.onmessage = ({ target, data }) => target === this.worker && this.receive(data);
    this.worker.onerror = (event) => this.fail(event);
    this.worker.postMessage({ command: "start", settings });
  }

  send(command) {
    this.command = command;
    this.worker?.postMessage({ command, epochs: this.settings.epochs });
  }

  receive(report) {
    for (const point of report.points) {
      point.largest = point.norms.reduce((a, b) => Math.max(a, b));
      this.points.push(point);
    }
    const changed = !this.report || this.report.running !== report.running;
    this.report = report;
    this.running = report.running;
    if (report.busy > 1000) {
      this.secondsPerWork = report.busy / 1000 / report.steps / workOf(this.settings);
    }
    this.redraw();
    if (changed || !(performance.now() - this.said < 3000)) this.say(this.summary());
  }

  fail(event) {
    event.preventDefault();
    this.worker.terminate();
    this.worker = null;
    this.running = false;
    this.showControls();
    const why = event.message?.replace(/^Uncaught \w*: /, "") || "the worker could not start";
    this.say(`Stopped: ${why}. Change a setting or press Reset.`);
  }

  // -- buttons

  press(action) {
    if (action === "accept") this.accepted = JSON.stringify(this.asked);
    if (action === "decline") this.fill(this.settings ?? PAPER);
    if (action === "accept" || action === "decline") this.answer(action);
    if (action === "reset") this.reset();
    if (action === "train" || action === "epoch") this.train(action);
  }

  answer(action) {
    this.find(".gl-ask").hidden = true;
    this.find("[data-do=train]").focus();
    if (action === "accept" || !this.worker) this.reset();
    else this.read() && this.say(this.summary());
  }

  train(action) {
    if (action === "train" && this.running) return this.send("pause");
    if (!this.read()) return this.wrong.focus();
    if (!this.find(".gl-ask").hidden) return this.find("[data-do=accept]").focus();
    if (!this.worker || (action === "train" && this.finished)) this.reset();
    this.send(action);
  }

  get finished() {
    return this.points.length > 0 && this.points.at(-1).epoch >= this.settings.epochs;
  }

  // No reader, no work: stop while the page is hidden, go on when it shows again.
  hideOrShow() {
    if (document.hidden && this.running && this.command === "train") {
      this.resume = true;
      this.send("pause");
    } else if (!document.hidden && this.resume) {
      this.resume = false;
      this.send("train");
    }
  }

  // -- what is shown

  say(text) {
    this.said = performance.now();
    this.find(".gl-status").textContent = text;
  }

  summary() {
    const { epoch, train, test, sparsity } = this.points.at(-1);
    const state = this.running ? "Training. " : this.finished ? "Done. " : epoch > 0 ? "Paused. " : "Ready. ";
    const [memorized, generalized] = this.events().map((event) => event.epoch);
    const moral = generalized === undefined ? "" : ` It generalized at epoch ${generalized}`
      + (generalized > memorized ? `, ${generalized - memorized} epochs after it had memorized.` : ".");
    return `${state}Epoch ${epoch}: train ${percent(train.accuracy)}, test ${percent(test.accuracy)}, `
      + `${sparsity} of ${this.settings.width} neurons suffice.${moral}`;
  }

  // The first measured epochs with an accuracy above 98 %, the paper's threshold.
  events() {
    const first = (split) => this.points.find((point) => point[split].accuracy > 0.98)?.epoch;
    const [memorized, generalized] = [first("train"), first("test")];
    return [
      { name: `memorized: ${memorized}`, epoch: memorized },
      { name: `generalized: ${generalized}`, epoch: generalized },
    ].filter((event) => event.epoch !== undefined);
  }

  // Draw what there is, a figure a frame, so that no task is long; again if asked meanwhile.
  async redraw() {
    this.stale = true;
    if (this.drawing) return;
    this.drawing = true;
    while (this.stale) {
      this.stale = false;
      for (const index of FIGURES.keys()) {
        await new Promise(requestAnimationFrame);
        if (this.leaving.signal.aborted) return;
        if (this.report) this.draw(index);
      }
      clearTimeout(this.next);
      this.next = setTimeout(
        () => this.worker?.postMessage({ command: "drawn" }), this.calm.matches ? 1000 : 0);
    }
    this.drawing = false;
  }

  draw(index) {
    const { points, settings, report } = this;
    const last = Math.max(settings.epochs, points.at(-1).epoch);
    const [, title, drawOn] = FIGURES[index];
    drawOn(this.canvases[index], { ...report, points, settings, last, events: this.events() });
    this.canvases[index].setAttribute("aria-label", `${title}. ${this.summary()}`);
    if (index > 0) return;
    this.showTiles();
    this.showControls();
  }

  showTiles() {
    const { epoch, train, test, sparsity } = this.points.at(-1);
    const { steps, busy } = this.report;
    const texts = [
      `${number(epoch)} <small>of ${number(this.settings.epochs)}</small>`,
      percent(train.accuracy),
      percent(test.accuracy),
      `${number(sparsity)} <small>of ${number(this.settings.width)}</small>`,
      busy > 0 ? number(Math.round((1000 * steps) / busy)) : "–",
    ];
    this.root.querySelectorAll("dd").forEach((tile, i) => (tile.innerHTML = texts[i]));
  }

  showControls() {
    this.root.dataset.running = this.running;
    const label = this.running ? "Pause" : this.finished ? "Train again" : "Train";
    this.find("[data-do=train]").textContent = label;
    this.find("[data-do=epoch]").disabled = this.running;
  }
}

export default {
  render({ model, el }) {
    const page = new Page(el, model.get("preset"));
    return () => page.close();
  },
};
