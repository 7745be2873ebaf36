// An experiment: a run from its first epoch on, with its events and one change made on the way.

import { changesNeurons, changesSetting, changesWeights, needsWinners } from "../shared/change.js";
import { THRESHOLD } from "../shared/given.js";
import { alone, chosen, DEEDS, keepAlone, largest, underSetting } from "./interventions.js";
import { examine, weightNorms } from "./measure.js";
import { newRun, weightsOf } from "./new_run.js";
import { weightsDigest } from "./sha256.js";

export class Experiment {
  // `isMeasured` says at which epochs all is measured in any case.
  /**
   * @param {Settings} settings
   * @param {Change | null} [change]
   * @param {(epoch: number) => boolean} [isMeasured]
   */
  constructor(settings, change = null, isMeasured = () => false) {
    this.settings = settings;
    this.change = change;
    this.isMeasured = isMeasured;
    const ofStart = change?.at === 0 && changesSetting(change);
    this.run = newRun(ofStart ? { ...settings, [change.kind]: Number(change.to) } : settings);
    /** @type {Events} */
    this.events = { memorization: null, generalization: null, change: ofStart ? 0 : null };
    /** @type {number[]} */
    this.test = []; // accuracy at each epoch
    /** @type {Neurons | null} */
    this.names = null; // where only some neurons are left: their numbers in the whole network
    /** @type {Neurons | null} */
    this.neurons = null; // those that were changed
    /** @type {Neurons | null} */
    this.winners = null; // given from outside: what `winnersFor` says of the undisturbed run's end
    /** @type {Measured | null} */
    this.latest = null; // what was measured after the last step
    /** @type {(() => void) | undefined} */
    this.hold = undefined; // what is done to the neurons after each step
    this.look();
  }

  get width() {
    return this.settings.width;
  }

  // Whether the change is due.
  get due() {
    const { change, events, run: { epoch } } = this;
    if (change === null || events.change !== null) return false;
    return (typeof change.at === "number" ? change.at : events[change.at]) === epoch;
  }

  // Whether it needs to know first how the undisturbed run ends.
  get waits() {
    return this.due && needsWinners(this.change) && this.winners === null;
  }

  // Say which neurons suffice, or which weights are largest, at the end of the undisturbed run.
  /** @type {(winners: Neurons) => void} */
  give(winners) {
    this.winners = winners;
    if (this.due) this.alter();
  }

  // Make one step; return whether it ended an epoch.
  step() {
    this.latest = null;
    this.run.step();
    this.hold?.();
    if (this.run.position > 0) return false;
    this.look();
    return true;
  }

  // Note the accuracies and what they say; make the change, if it is due and all is known.
  look() {
    const { events, run, test } = this, { epoch } = run;
    const measured = this.isMeasured(epoch) ? this.measure() : null;
    /** @type {(split: Split) => number} */
    const accuracy = (split) => (measured?.[split] ?? examine(run, split)).accuracy;
    if (events.memorization === null && accuracy("train") > THRESHOLD) events.memorization = epoch;
    test[epoch] = accuracy("test");
    if (events.generalization === null && test[epoch] > THRESHOLD) events.generalization = epoch;
    if (this.due && !this.waits) this.alter();
  }

  alter() {
    const { run, settings, events } = this, change = /** @type {Change} */ (this.change);
    events.change = run.epoch;
    if (changesNeurons(change)) this.alterNeurons(change);
    else if (changesWeights(change)) this.hold = keepAlone(run, this.winners ?? new Uint32Array());
    else this.run = underSetting(run, { ...settings, [change.kind]: Number(change.to) });
    this.latest = null;
    this.test[run.epoch] = examine(this.run, "test").accuracy;
  }

  /** @type {(change: Change) => void} */
  alterNeurons({ kind, set = "sparse" }) {
    const { run, settings } = this;
    const norms = weightNorms(run.hidden, settings.n_bits, this.width);
    this.neurons = chosen(set, this.winners ?? new Uint32Array(), norms, settings.seed);
    if (kind !== "alone") this.hold = DEEDS[kind](run, this.neurons) ?? undefined;
    else {
      this.run = alone(run, this.neurons);
      this.names = this.neurons;
    }
  }

  // What the engine measures, by the neurons' numbers in the whole network.
  measure() {
    return (this.latest ??= this.measured());
  }

  measured() {
    const found = this.run.measure(), { names } = this;
    if (names === null) return found;
    const norms = new Float64Array(this.width);
    names.forEach((name, i) => (norms[name] = found.norms[i]));
    return { ...found, norms, ranking: found.ranking.map((i) => names[i]) };
  }

  // The neurons that suffice now.
  suffice() {
    const { ranking, sparsity } = this.measure();
    return ranking.slice(0, sparsity);
  }

  // What a change of another run needs to know of this one: the neurons that suffice, or the
  // places of the largest weights.
  /** @type {(change: Change) => Neurons} */
  winnersFor(change) {
    return changesWeights(change) ? largest(this.run, Number(change.to)) : this.suffice();
  }

  digest() {
    return weightsDigest(weightsOf(this.run), this.settings.n_bits);
  }
}
