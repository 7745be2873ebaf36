// The page: what the reader does, and what then happens. Each run trains in a worker of its own.

import { curvesTable, download, picture, seedsTable } from "./downloads.js";
import { Figures } from "./figures.js";
import { finderIn } from "./find.js";
import { markup, Panel } from "./panel.js";
import { Planner } from "./planner.js";
import { pythonOf } from "./python_text.js";
import { Session } from "./session.js";
import { N_SEEDS } from "./ten_seeds.js";

class Page {
  /**
   * @param {HTMLElement} el
   * @param {string} preset
   */
  constructor(el, preset) {
    const id = `gl-${Math.random().toString(36).slice(2)}`;
    el.innerHTML = markup(id);
    this.root = /** @type {HTMLElement} */ (el.firstElementChild);
    this.find = finderIn(this.root);
    this.leaving = new AbortController();
    this.theme = new MutationObserver(() => this.figures.redraw());
    this.session = new Session((run) => this.receive(run), (why) => this.fail(why));
    this.panel = new Panel(this.root, this.session);
    /** @type {(text: string) => void} */
    const say = (text) => this.panel.say(text), { session, root } = this;
    this.planner = new Planner(root, id, session, say, () => this.begin());
    this.figures = new Figures(root, session, this.planner.form, () => this.panel.show());
    // The window's width is known before there is a layout; on a phone Train would be out of sight.
    const wide = window.innerWidth > 640;
    for (const fold of [".gl-settings", ".gl-experiments"]) this.find(fold).open = wide;
    this.listen();
    this.planner.open(preset);
  }

  listen() {
    const { signal } = this.leaving, redraw = () => this.figures.redraw();
    /** @type {(target: EventTarget, name: string, work: (event: any) => void) => void} */
    const on = (target, name, work) => target.addEventListener(name, work, { signal });
    on(this.root, "click", ({ target }) => this.press(target.closest("[data-do]")?.dataset.do));
    on(this.root, "change", ({ target }) => this.change(target));
    on(this.find("form"), "submit", (event) => event.preventDefault());
    on(document, "visibilitychange", () => this.session.hide(document.hidden));
    on(window.matchMedia("(prefers-color-scheme: dark)"), "change", redraw);
    for (const element of [document.documentElement, document.body]) {
      const attributeFilter = ["data-theme", "theme", "data-jp-theme-light"];
      this.theme.observe(element, { attributeFilter });
    }
    this.figures.pick((neuron) => this.toggle(neuron), signal);
  }

  close() {
    this.session.close();
    this.figures.close();
    this.leaving.abort();
    this.theme.disconnect();
  }

  // -- what is asked for

  // Set up what the form asks for; `anew` also where a run of these settings is under way.
  begin(anew = false) {
    const { planner, session } = this, plan = planner.plan();
    if (!plan || !planner.mayCost(plan, () => this.begin(anew))) return;
    session[anew ? "renew" : "set"](plan);
    planner.form.ask(plan);
    this.panel.restart(session.summary(null));
    this.figures.redraw();
  }

  /** @type {(given: HTMLInputElement) => void | Promise<void>} */
  change({ name, value, checked }) {
    const { planner, session } = this, { form } = planner, kind = name.split("-").at(-1);
    if (kind === "linear") {
      this.root.dataset.axis = checked ? "linear" : "logarithmic";
      return this.figures.redraw();
    }
    if (kind === "guess") return this.panel.say(session.summary(value));
    if (kind === "preset") form.choose(value);
    else if (kind !== "epochs") form.check(null);
    form.showChange();
    const plan = planner.plan();
    if (!plan) return session.send("pause");
    const extend = () => {
      const { guess } = form;
      session.extend(plan);
      form.ask(plan); // its answers name the last epoch
      form.answer(guess);
    };
    if (kind !== "epochs" || session.lost) this.begin();
    else if (planner.mayCost(plan, extend)) extend();
  }

  /** @type {(neuron: number) => void} */
  toggle(neuron) {
    const { form } = this.planner, { picked } = form;
    if (!form.picking) {
      return this.panel.say("To pick neurons, choose above to change neurons, “picked by hand”.");
    }
    const others = picked.filter((other) => other !== neuron);
    const now = others.length < picked.length ? others : [...picked, neuron];
    form.fill({ neurons: now.join(", ") });
    this.begin();
  }

  // -- buttons

  /** @type {(action: string | undefined) => void} */
  press(action) {
    const { session, planner: { question } } = this;
    if (action === "accept" || action === "decline") {
      question.close();
      this.find("[data-do=train]").focus();
      if (action === "accept") question.accept();
      else question.decline();
    } else if (action === "reset") this.begin(true);
    else if (action === "train" && session.running) session.send("pause");
    else if (action === "train" || action === "epoch") this.train(action);
    else if (action === "repeat") this.repeat();
    else if (action && session.first) this.take(action);
  }

  /** @type {(action: "train" | "epoch") => void} */
  train(action) {
    const { session, planner } = this, done = action === "train" && session.finished;
    if (!planner.mayGo(action === "train" && !done)) return;
    if (session.lost || done) {
      const { guess } = planner.form;
      this.begin(true);
      planner.form.answer(guess); // the same experiment, the same prediction
    }
    session.send(action);
  }

  repeat() {
    const { session, planner } = this;
    if (session.repeat?.running) {
      session.repeat.stop();
      return this.receive(null);
    }
    if (!planner.mayGo(true)) return;
    const plan = planner.plan();
    if (!plan) return;
    const go = () => {
      session.startRepeat(plan);
      this.receive(null);
    };
    if (planner.mayCost(plan, go, N_SEEDS)) go();
  }

  /** @type {(action: string) => Promise<void>} */
  async take(action) {
    const { session, panel, planner } = this, { address, form } = planner;
    const { first, second, runs, repeat } = session;
    if (action === "link") panel.showText("The address of this experiment", address);
    if (action === "python" && first) {
      panel.showText("The same in Python", pythonOf(first.settings, second?.change));
    }
    if (action === "csv") download(`${planner.fileName}.csv`, curvesTable(address, runs));
    if (action === "seeds" && repeat) download(`${planner.fileName}-seeds.csv`, seedsTable(address, repeat));
    if (action === "png") {
      const told = [session.summary(form.guess), ...(repeat ? [repeat.summary()] : []), address];
      download(`${planner.fileName}.png`, await picture(this.root, told));
    }
  }

  // -- what is told

  /** @type {(run: Runner | null) => void} */
  receive(run) {
    const { session, panel, planner: { question, form } } = this, { repeat, second } = session;
    if (run) question.learn(run);
    else panel.show();
    this.figures.redraw();
    if (!session.ready || question.open) return;
    const state = run ? [session.running, session.finished, second?.waits]
      : [repeat?.running, repeat?.results.length];
    panel.report(run ? session.summary(form.guess) : repeat?.summary() ?? "", state.join());
  }

  /** @type {(why: string) => void} */
  fail(why) {
    this.panel.show();
    this.panel.say(`${why} Change a setting or press Reset.`);
  }
}

export default {
  /** @type {(given: { model: { get(name: string): string }, el: HTMLElement }) => () => void} */
  render({ model, el }) {
    const page = new Page(el, model.get("preset"));
    return () => page.close();
  },
};
