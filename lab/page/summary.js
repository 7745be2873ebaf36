// Predictions, and what was seen, in words.

import { changesWeights } from "../shared/change.js";
import { THRESHOLD } from "../shared/given.js";
import { CHANGES } from "../shared/rules.js";

export const RUNS = ["undisturbed", "changed"];

// ---- Predictions. A change made long after the start asks whether what was found is kept.

/** @type {Record<Question, { ask: string, answers: Texts }>} */
const QUESTIONS = {
  when: {
    ask: "beside the undisturbed run, will the changed one generalize",
    answers: { sooner: "sooner", same: "about the same", later: "later", never: "not by the end" },
  },
  keeps: {
    ask: "will the changed run still generalize at the end, or",
    answers: { kept: "keep what it found", lost: "lose it" },
  },
};
/** @type {(change: Change) => Question} */
export const questionOf = ({ kind, at }) =>
  (kind === "n_train" && Number(at) > 0 ? "keeps" : "when");

// Return a question and its answers, which name the last epoch.
/** @type {(question: Question, epochs: number) => { ask: string, answers: Texts }} */
export function asked(question, epochs) {
  const { ask, answers } = QUESTIONS[question];
  return { ask, answers: question === "keeps" ? answers
    : { ...answers, never: `not by epoch ${epochs}` } };
}

const SAME = 0.1; // a change of the epoch up to this share of it is about none

// Return which answer two finished runs give, or another word where none fits.
/** @type {(question: Question, first: Runner, second: Runner) => string} */
export function outcome(question, first, second) {
  const [alone, changed] = [first, second].map((run) => run.events.generalization);
  if (question === "keeps") {
    if (alone === null) return "nothing to lose";
    return second.latest.test.accuracy > THRESHOLD ? "kept" : "lost";
  }
  if (changed === null) return "never";
  if (alone === null) return "sooner";
  if (Math.abs(changed - alone) <= SAME * alone) return "same";
  return changed > alone ? "later" : "sooner";
}

// Return how a prediction came out, or "" where there is none or nothing was changed.
/** @type {(guess: string | null, first: Runner, second: Changed) => string} */
function judged(guess, first, second) {
  const question = questionOf(second.change), { answers } = asked(question, second.epoch);
  if (guess === null || !(guess in answers) || second.events.change === null) return "";
  const found = outcome(question, first, second), was = answers[found] ?? found;
  const verdict = guess === found ? ": so it was" : `; it was “${was}”`;
  return ` You predicted “${answers[guess]}”${verdict}.`;
}

// ---- What was seen.

/** @type {(share: number) => string} */
export const percent = (share) => `${Math.floor(100 * share + 1e-9)} %`; // 99.9 % is not yet 100 %
/** @type {(count: number, thing: string) => string} */
export const counted = (count, thing) => `${count} ${thing}${count === 1 ? "" : "s"}`;
/** @type {Texts} */
const DONE = {
  clamp: "Held down", freeze: "Frozen", remove: "Removed", enlarge: "Doubled", alone: "Kept alone",
};

// Return what was done, as the beginning of a sentence: "Held down from epoch 27".
/** @type {(given: Change, epoch: number) => string} */
function deed(change, epoch) {
  const { kind, to } = change;
  if (changesWeights(change)) {
    return `With the largest weights alone, a share of ${to}, from epoch ${epoch}`;
  }
  if (!(kind in DONE)) return `With ${CHANGES[kind]} ${to} from epoch ${epoch}`;
  const once = kind === "remove" || kind === "enlarge";
  return `${DONE[kind]} ${once ? "after" : "from"} epoch ${epoch}`;
}

// Return what differs between two runs: "Held down from epoch 27: generalized at 171 instead of
// 133."
/** @type {(first: Runner, second: Changed) => string} */
function difference(first, second) {
  const { change, events, neurons, waits, finished } = second;
  if (waits) {
    const asked = changesWeights(change) ? "which weights are largest" : "which neurons suffice";
    return ` The second run waits for the end of the first: ${asked}?`;
  }
  if (events.change === null) {
    return finished ? ` The change was never made, since there was no ${change.at}.` : "";
  }
  const picked = neurons && Array.isArray(change.set);
  const size = picked ? ` (${counted(neurons.length, "neuron")})` : "";
  return ` ${deed(change, events.change)}${size}: ${generalized(first, second)}.`;
}

/** @type {(first: Runner, more: Changed) => string} */
function generalized(first, { events, latest, finished }) {
  const { generalization } = events, { epoch, test } = latest;
  if (generalization === null && !finished) return `not generalized yet, at epoch ${epoch}`;
  const alone = first.events.generalization ?? (first.finished ? "never" : null);
  const differs = alone !== null && alone !== (generalization ?? "never");
  if (generalization === null) {
    return `not generalized by epoch ${epoch}${differs ? `, instead of at ${alone}` : ""}`;
  }
  if (generalization > Number(events.change) || events.change === 0) {
    return `generalized at ${generalization}${differs ? ` instead of ${alone}` : ""}`;
  }
  const when = finished ? "at the end" : "now";
  return `test accuracy ${percent(test.accuracy)} ${when}, where it was above 98 % from `
    + `${generalization} on`;
}

// Return the state of one or two runs in sentences.
/** @type {(
 *   first: Runner, second: Changed | null, running: boolean, guess: string | null
 * ) => string} */
export function summary(first, second, running, guess) {
  const { latest, settings, events: { memorization, generalization } } = first;
  const { epoch, train, test, sparsity } = latest;
  const done = first.finished && (!second || second.finished);
  const state = running ? "Training." : done ? "Done." : epoch > 0 ? "Paused." : "Ready.";
  const told = [`${state} Epoch ${epoch}: train ${percent(train.accuracy)}, test `
    + `${percent(test.accuracy)}, ${sparsity} of ${settings.width} neurons suffice.`];
  if (generalization !== null) {
    const delay = memorization === null ? 0 : generalization - memorization, late = delay > 0;
    told.push(` It generalized at epoch ${generalization}`);
    told.push(late ? `, ${counted(delay, "epoch")} after it had memorized.` : ".");
  }
  if (second && epoch > 0) told.push(difference(first, second));
  if (second && done) told.push(judged(guess, first, second));
  return told.join("");
}
