// The page: what the reader does, and what then happens. Each run trains in a worker of its own.
"use strict";

// A notebook's address is not the lab's.
const inNotebook = () => Boolean(document.querySelector("#jupyter-config-data, .jp-NotebookPanel"));

class Page {
  constructor(el, preset) {
    const id = `gl-${Math.random().toString(36).slice(2)}`;
    el.innerHTML = markup(id);
    this.root = el.firstElementChild;
    this.find = (selector) => this.root.querySelector(selector);
    this.form = new Form(this.find("form"), id);
    this.question = new Question(this.find(".gl-ask"));
    this.session = new Session((run) => this.receive(run), (why) => this.fail(why));
    this.panel = new Panel(this.root, this.session);
    this.figures = new Figures(this.root, this.session, this.form, () => this.panel.show());
    this.find(".gl-settings").open = el.getBoundingClientRect().width > 640;
    this.listen();
    this.form.choose(preset);
    this.openAddress();
  }

  listen() {
    this.leaving = new AbortController();
    const { signal } = this.leaving, redraw = () => this.figures.redraw(), form = this.find("form");
    this.root.addEventListener("click", ({ target }) => this.press(target.closest("[data-do]")?.dataset.do), { signal });
    form.addEventListener("change", ({ target }) => this.change(target), { signal });
    form.addEventListener("submit", (event) => event.preventDefault(), { signal });
    document.addEventListener("visibilitychange", () => this.session.hide(document.hidden), { signal });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw, { signal });
    this.theme = new MutationObserver(redraw);
    const watched = { attributeFilter: ["data-theme", "theme", "data-jp-theme-light"] };
    for (const element of [document.documentElement, document.body]) this.theme.observe(element, watched);
    this.figures.pick((neuron) => this.toggle(neuron), signal);
  }

  close() {
    this.session.close();
    this.figures.close();
    this.leaving.abort();
    this.theme.disconnect();
  }

  // -- what is asked for

  // Set up what the page's address asks for.
  openAddress() {
    const { texts, faults } = readAddress(inNotebook() ? "" : location.search);
    if (Object.keys(texts).length > 0) this.form.unchoose();
    this.form.fill(texts);
    if (texts.change) this.find(".gl-change").open = true;
    this.reset();
    if (faults.length === 0) return;
    const told = `The address is not understood: ${faults.join(" ")}`;
    this.panel.say(this.question.put(told, "Go on without it", () => this.reset()));
  }

  // Return what the form asks for; or say what is wrong with it, and return null.
  plan() {
    const plan = this.form.read();
    if (plan) return plan;
    this.question.close();
    this.panel.say(this.form.fault);
    return null;
  }

  // Whether to go on; if that costs a lot, say how much and wait for an answer.
  mayCost(plan, go, seeds = 1) {
    const price = this.question.price(plan, seeds), { asked } = this.question;
    if (!price) this.question.close();
    else {
      const accept = () => {
        this.question.accepted = asked;
        go();
      };
      this.session.send("pause");
      this.panel.say(this.question.put(price, "Use these settings", accept, () => this.goBack()));
    }
    return !price;
  }

  goBack() {
    const { first, second } = this.session;
    const texts = first ? { ...first.settings, ...NO_CHANGE, ...readAddress(writeAddress(first.settings, second?.change)).texts }
      : { ...PAPER, ...NO_CHANGE };
    this.form.fill(texts);
    if (!this.plan()) return;
    if (first) this.panel.say(this.session.summary(this.form.guess));
    else this.reset();
  }

  change(input) {
    const kind = input.name.split("-").at(-1);
    if (kind === "guess") return this.panel.say(this.session.summary(input.value));
    if (kind === "preset") this.form.choose(input.value);
    else if (kind !== "epochs") this.form.unchoose();
    this.form.showChange();
    const plan = this.plan();
    if (!plan) this.session.send("pause");
    else if (kind !== "epochs" || this.session.lost) this.reset();
    else if (this.mayCost(plan, () => this.session.extend(plan))) this.session.extend(plan);
  }

  // Set up what the form asks for; `anew` also where a run of these settings is under way.
  reset(anew = false) {
    const plan = this.plan();
    if (!plan || !this.mayCost(plan, () => this.reset(anew))) return;
    this.session[anew ? "renew" : "set"](plan);
    this.form.ask(plan.change);
    this.panel.show();
    this.figures.redraw();
  }

  // -- buttons

  press(action) {
    const { session, question } = this;
    if (action === "accept" || action === "decline") {
      question.close();
      this.find("[data-do=train]").focus();
      question[action]();
    } else if (action === "reset") this.reset(true);
    else if (action === "train" && session.running) session.send("pause");
    else if (action === "train" || action === "epoch") this.train(action);
    else if (action === "repeat") this.repeat();
    else if (action && session.first) this.take(action);
  }

  train(action) {
    const { session, form } = this, done = action === "train" && session.finished;
    if (!this.mayGo(action === "train" && !done)) return;
    if (session.lost || done) {
      const { guess } = form;
      this.reset(true);
      form.answer(guess); // the same experiment, the same prediction
    }
    session.send(action);
  }

  // Whether all is said that has to be said before a run.
  mayGo(asks) {
    if (!this.plan()) this.form.wrong.focus();
    else if (this.question.open) this.find("[data-do=accept]").focus();
    else if (asks && this.session.second && this.form.guess === null) {
      this.find(".gl-guess input").focus();
      this.panel.say("First your prediction: what will the changed run do?");
    } else return true;
    return false;
  }

  repeat() {
    const { session } = this;
    if (session.repeat?.running) {
      session.repeat.stop();
      return this.receive(null);
    }
    if (!this.mayGo(true)) return;
    const plan = this.plan(), go = () => {
      session.startRepeat(plan);
      this.receive(null);
    };
    if (this.mayCost(plan, go, N_SEEDS)) go();
  }

  toggle(neuron) {
    const { form } = this;
    if (!form.picking) return this.panel.say("To pick neurons, choose above to change neurons, “picked by hand”.");
    const { picked } = form, others = picked.filter((other) => other !== neuron);
    form.fill({ neurons: (others.length < picked.length ? others : [...picked, neuron]).join(", ") });
    this.reset();
  }

  async take(action) {
    const { session: { first, second, runs, repeat }, panel } = this;
    const address = (inNotebook() ? "lab.html" : location.href.replace(/[?#].*/, "")) + writeAddress(first.settings, second?.change);
    if (action === "link") panel.showText("The address of this experiment", address);
    if (action === "python") panel.showText("The same in Python", pythonOf(first.settings, second?.change));
    if (action === "csv") download("lab.csv", curvesTable(address, runs));
    if (action === "seeds") download("lab-seeds.csv", seedsTable(address, repeat));
    if (action === "png") {
      const told = [this.session.summary(this.form.guess), ...(repeat ? [repeat.summary()] : []), address];
      download("lab.png", await picture(this.root, told));
    }
  }

  // -- what is told

  receive(run) {
    const { session, panel, question, form } = this, { repeat } = session;
    if (run) question.learn(run);
    else panel.show();
    this.figures.redraw();
    if (!session.ready || question.open) return;
    if (run) panel.report(session.summary(form.guess), `${session.running} ${session.finished} ${session.second?.waits}`);
    else panel.report(repeat.summary(), `${repeat.running} ${repeat.results.length}`);
  }

  fail(why) {
    this.panel.show();
    this.panel.say(`${why} Change a setting or press Reset.`);
  }
}

export default {
  render({ model, el }) {
    const page = new Page(el, model.get("preset"));
    return () => page.close();
  },
};
