// The worker: trains in short slices, so that a message is never left waiting for long.
"use strict";

const SLICE = 30; // milliseconds
const HEAT_ROWS = 48; // neurons whose weights are shown

// Epochs at which to measure: all at first, later those about 2 % apart, since the page's epoch
// axis is logarithmic. Measuring changes no weight.
const isMeasured = (epoch) => epoch % (1 + Math.floor(epoch / 50)) === 0;

// Call `work` again and again as long as it returns true. A timer would wait 4 ms at each turn.
class Turns {
  constructor(work) {
    this.port = new MessageChannel();
    this.port.port1.onmessage = () => {
      this.waiting = false;
      const start = performance.now();
      let more = true;
      while (more && performance.now() - start < SLICE) more = work();
      if (more) this.take();
    };
  }

  take() {
    if (!this.waiting) this.port.port2.postMessage(null);
    this.waiting = true;
  }
}

// One course, drawn as it goes.
class Trainer {
  constructor({ settings, change }, post) {
    this.course = new Course(settings, change, isMeasured);
    this.post = post;
    this.target = 0; // the epoch to stop after
    this.points = []; // measured and not yet reported
    this.reading = true; // whether the page has drawn the last report
    this.steps = this.busy = this.reported = 0;
    this.turns = new Turns(() => this.work());
    this.measure();
    this.report();
  }

  receive({ command, epochs, winners }) {
    if (command === "drawn") return void (this.reading = true);
    if (command === "winners") this.give(winners);
    else this.target = { train: epochs, epoch: this.course.run.epoch + 1, pause: -1 }[command];
    if (this.running) this.turns.take();
    this.report();
  }

  give(winners) {
    const changes = this.course.waits;
    this.course.give(winners);
    if (changes) this.measure();
  }

  get running() {
    return this.course.run.epoch < this.target && !this.course.waits;
  }

  work() {
    if (!this.running) return false;
    const { course } = this, start = performance.now();
    const ended = course.step();
    this.steps += 1;
    if (ended && (this.isTurningPoint || isMeasured(course.run.epoch) || !this.running)) this.measure();
    this.busy += performance.now() - start;
    if (!this.running || (this.reading && performance.now() - this.reported > 100)) this.report();
    return this.running;
  }

  get isTurningPoint() {
    return Object.values(this.course.events).includes(this.course.run.epoch);
  }

  measure() {
    this.latest = this.course.measure();
    const { epoch, train, test, sparsity, norms } = this.latest;
    this.points.push({ epoch, train, test, sparsity, norms: Float32Array.from(norms) });
  }

  report() {
    const { course, points, steps, busy, running, latest: { ranking, sparsity } } = this;
    const { events, neurons, waits, run } = course;
    const digest = running || run.position > 0 ? null : course.digest();
    const heat = this.heat(ranking);
    this.post({ points, events, neurons, waits, ranking, sparsity, heat, steps, busy, running, digest });
    this.points = [];
    this.reading = false;
    this.reported = performance.now();
  }

  // The weights on the bits of the neurons with the largest norms, (neuron, bit).
  heat(ranking) {
    const { run, names, settings: { n_bits: n } } = this.course, width = run.readout.length;
    const place = names === null ? (name) => name : (name) => names.indexOf(name);
    const places = [...ranking.subarray(0, HEAT_ROWS)].map(place);
    return Float32Array.from({ length: places.length * n }, (_, i) =>
      run.hidden[(i % n) * width + places[Math.floor(i / n)]]);
  }
}

// One seed after another, each to its end; with a change, first undisturbed and then changed.
class Repeater {
  constructor({ settings, change, seed }, post) {
    this.post = post;
    this.settings = { ...settings, seed };
    this.change = change;
    this.course = new Course(this.settings);
    this.done = [];
    this.going = true;
    this.told = 0;
    this.turns = new Turns(() => this.work());
    this.turns.take();
  }

  receive({ command }) {
    this.going = command === "train";
    if (this.going) this.turns.take();
  }

  work() {
    try {
      return this.going && this.goOn();
    } catch (error) {
      this.going = false;
      this.post({ seed: this.settings.seed, fault: error.message });
      return false;
    }
  }

  goOn() {
    const { course, settings: { epochs, seed } } = this;
    if (course.run.epoch < epochs) {
      if (course.step() && performance.now() - this.told > 200) this.tell(seed, course.run.epoch);
      return true;
    }
    const { test, events } = course, { epoch, sparsity } = course.run.measure();
    this.done.push({ test: Float32Array.from(test), accuracy: test.at(-1), events, epoch, sparsity });
    return this.next();
  }

  next() {
    if (this.change && this.done.length === 1) {
      const winners = needsWinners(this.change) ? this.course.suffice() : null;
      this.course = new Course(this.settings, this.change);
      if (winners) this.course.give(winners);
      return true;
    }
    this.going = false;
    this.post({ seed: this.settings.seed, runs: this.done });
    return false;
  }

  tell(seed, epoch) {
    const all = (this.change ? 2 : 1) * this.settings.epochs;
    this.told = performance.now();
    this.post({ seed, share: (this.done.length * this.settings.epochs + epoch) / all });
  }
}

if (typeof WorkerGlobalScope !== "undefined") {
  let worker = null;
  const post = self.postMessage.bind(self), kinds = { start: Trainer, repeat: Repeater };
  self.onmessage = ({ data }) => {
    const kind = kinds[data.command];
    if (kind) worker = new kind(data, post);
    else worker?.receive(data);
  };
}
