// The same course over ten seeds, in as many workers as the machine has cores less one.
"use strict";

const N_SEEDS = 10;
const MOST_WORKERS = Math.max(1, Math.min(N_SEEDS, (navigator.hardwareConcurrency || 2) - 1));

class Repeat {
  // `told` is called after each report.
  constructor(settings, change, told) {
    Object.assign(this, { settings, change, told, results: [], shares: new Map(), stopped: false });
    const first = Math.min(settings.seed, Number.MAX_SAFE_INTEGER - N_SEEDS + 1);
    this.seeds = Array.from({ length: N_SEEDS }, (_, i) => first + i);
    this.queue = [...this.seeds];
    this.workers = Array.from({ length: MOST_WORKERS }, () => this.hire());
  }

  hire() {
    const worker = newWorker();
    worker.onmessage = ({ data }) => this.receive(worker, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.receive(worker, { seed: worker.seed, fault: reason(event) });
    };
    this.next(worker);
    return worker;
  }

  next(worker) {
    const { settings, change } = this;
    worker.seed = this.queue.shift();
    if (worker.seed === undefined) worker.terminate();
    else worker.postMessage({ command: "repeat", settings, change, seed: worker.seed });
  }

  receive(worker, { seed, share, runs, fault }) {
    if (this.stopped) return;
    if (share !== undefined) this.shares.set(seed, share);
    else {
      this.shares.set(seed, 1);
      this.results.push({ seed, runs, fault });
      this.results.sort((a, b) => a.seed - b.seed);
      this.next(worker);
    }
    this.told();
  }

  send(command) {
    for (const worker of this.workers) worker.postMessage({ command });
  }

  stop() {
    this.stopped = true;
    for (const worker of this.workers) worker.terminate();
  }

  get finished() {
    return this.results.length === N_SEEDS;
  }

  get running() {
    return !this.stopped && !this.finished;
  }

  get progress() {
    return [...this.shares.values()].reduce((a, b) => a + b, 0) / N_SEEDS;
  }

  // The runs of one kind over seeds: 0 undisturbed, 1 changed.
  runs(kind) {
    const done = this.results.filter(({ fault }) => !fault);
    return done.map(({ seed, runs }) => ({ seed, ...runs[kind] }));
  }

  summary() {
    const kinds = this.change ? ["Undisturbed", "Changed"] : ["In all"];
    const told = kinds.map((name, kind) => {
      const epochs = this.runs(kind).map((run) => run.events.generalization ?? Infinity);
      const found = epochs.filter(Number.isFinite).length, middle = quantile(epochs, 0.5);
      const median = Number.isFinite(middle) ? `, half of all by epoch ${middle}` : "";
      return ` ${name}: ${found} of ${counted(epochs.length, "seed")} generalized${median}.`;
    });
    const faults = this.results.filter(({ fault }) => fault)
      .map(({ seed, fault }) => ` Seed ${seed} stopped: ${fault}.`);
    const state = this.finished ? "Done" : this.stopped ? "Stopped" : "Repeating";
    const count = this.results.length, seen = count > faults.length ? told.join("") : "";
    return `${state}: ${count} of ${N_SEEDS} seeds.${seen}${faults.join("")}`;
  }
}

// Return the least value that at least a share of the values does not exceed.
function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

// ---- Its charts.

// The median of test accuracy over seeds, with the middle half of them as a band.
function drawMedian(chart, { repeat, last }) {
  const page = sheet(chart), { margin: { top }, height } = page, across = epochScale(page, last);
  drawAxes(page, last, SHARES, (share) => share);
  for (const kind of repeat.change ? [0, 1] : [0]) {
    const runs = repeat.runs(kind);
    if (runs.length === 0) continue;
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
function drawSeeds(chart, { repeat, last }) {
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
