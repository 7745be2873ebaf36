// A course of one seed trained to its end; with a change, first undisturbed and then changed.
"use strict";

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
    const { events } = course, { epoch, sparsity } = course.run.measure();
    const test = Float32Array.from(course.test), accuracy = course.test.at(-1);
    this.done.push({ test, accuracy, events, epoch, sparsity });
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
