// What the reader asks for: by the form, by the page's address; and whether that may be run.

import { PAPER } from "../shared/given.js";
import { inNotebook, NO_CHANGE, readAddress, writeAddress } from "./address.js";
import { Question } from "./cost.js";
import { finderIn } from "./find.js";
import { Form } from "./form.js";

export class Planner {
  // `say` tells the reader something; `begin` sets up what is asked for.
  /**
   * @param {HTMLElement} root
   * @param {string} id
   * @param {Session} session
   * @param {(text: string) => void} say
   * @param {() => void} begin
   */
  constructor(root, id, session, say, begin) {
    this.session = session;
    this.say = say;
    this.begin = begin;
    this.find = finderIn(root);
    this.form = new Form(/** @type {HTMLElement} */ (this.find("form")), id);
    this.question = new Question(this.find(".gl-ask"));
  }

  // Set up a preset, or what the page's address asks for.
  /** @type {(preset: string) => void} */
  open(preset) {
    const { texts, faults } = readAddress(inNotebook() ? "" : location.search);
    this.form.choose(preset);
    if (Object.keys(texts).length > 0) this.form.check(null);
    this.form.fill(texts);
    if (texts.change) this.find(".gl-change").open = true;
    this.begin();
    if (faults.length === 0) return;
    const told = `The address is not understood: ${faults.join(" ")}`;
    this.say(this.question.put(told, "Go on without it", () => this.begin(), null));
  }

  // Return the address of what is on screen.
  get address() {
    const { first, second } = this.session;
    const base = inNotebook() ? "lab.html" : location.href.replace(/[?#].*/, "");
    return base + (first ? writeAddress(first.settings, second?.change) : "");
  }

  // Return the name of a file that holds what is on screen: lab-seed-13-lr-0.2.
  get fileName() {
    const query = this.address.split("?")[1] ?? "paper";
    return `lab-${query.replace(/[^\w.-]+/g, "-").replaceAll("_", "-")}`.slice(0, 120);
  }

  // Return what the form asks for; or say what is wrong with it, and return null.
  plan() {
    const plan = this.form.read();
    if (plan) return plan;
    this.question.close();
    this.say(this.form.fault);
    return null;
  }

  // Whether to go on; if that costs a lot, say how much and wait for an answer.
  /** @type {(plan: Plan, go: () => void, seeds?: number) => boolean} */
  mayCost(plan, go, seeds = 1) {
    const price = this.question.price(plan, seeds), { asked } = this.question;
    if (!price) this.question.close();
    else {
      const accept = () => {
        this.question.accepted = asked;
        go();
      };
      this.session.send("pause");
      this.say(this.question.put(price, "Use these settings", accept, () => this.goBack()));
    }
    return !price;
  }

  // Fill in again what was asked for before.
  goBack() {
    const { first, second } = this.session;
    const query = first ? writeAddress(first.settings, second?.change) : "";
    this.form.fill({ ...PAPER, ...NO_CHANGE, ...readAddress(query).texts });
    if (!this.plan()) return;
    if (first) this.say(this.session.summary(this.form.guess));
    else this.begin();
  }

  // Whether all is said that has to be said before a run; a second run asks for a prediction.
  /** @type {(asks: boolean) => boolean} */
  mayGo(asks) {
    if (!this.plan()) this.form.wrong?.focus();
    else if (this.question.open) this.find("[data-do=accept]").focus();
    else if (asks && this.session.second && this.form.guess === null) {
      this.find(".gl-guess input").focus();
      this.say("First your prediction: what will the changed run do?");
    } else return true;
    return false;
  }
}
