// Presets, predictions, and what was seen, in words.
"use strict";

const STARTS = {
  "the paper": {},
  "no weight decay": { weight_decay: 0 },
  "too little data": { n_train: 300 },
  "plenty of data": { n_train: 5000, epochs: 60 },
  "k = 4": { k_relevant: 4, epochs: 500 },
  "narrow": { width: 20, epochs: 500 },
};
const EXPERIMENTS = {
  "hold the winners down": { change: "clamp", at: "memorization" },
  "remove them at memorization": { change: "remove", at: "memorization" },
  "weight decay off at 75": { change: "weight_decay", to: 0, at: "epoch", epoch: 75 },
  "train the ticket": { change: "alone", at: "start" },
  "shrink the data after grokking": { change: "n_train", to: 100, at: "epoch", epoch: 200, epochs: 500 },
  "five per cent wrong labels": { change: "wrong_labels", to: 0.05, at: "start" },
  "start four times larger": { change: "initial_scale", to: 4, at: "start" },
};
const PRESETS = { ...STARTS, ...EXPERIMENTS };

// ---- Predictions. A change made long after the start asks whether what was found is kept.

const QUESTIONS = {
  when: {
    ask: "Beside the undisturbed run, will the changed one generalize",
    answers: { sooner: "sooner", later: "later", never: "never" },
  },
  keeps: {
    ask: "Will the changed run still generalize at the end, or",
    answers: { kept: "keep what it found", lost: "lose it" },
  },
};
const questionOf = (change) => (change.kind === "n_train" && change.at > 0 ? "keeps" : "when");

// Return which answer two finished courses give, or another word where none fits.
function outcome(question, first, second) {
  const [alone, changed] = [first, second].map((run) => run.events.generalization);
  if (question === "keeps") return alone === null ? "nothing to lose" : second.points.at(-1).test.accuracy > THRESHOLD ? "kept" : "lost";
  if (changed === null) return "never";
  if (alone === null || changed < alone) return "sooner";
  return changed > alone ? "later" : "at the same epoch";
}

function judged(question, guess, first, second) {
  if (!(guess in QUESTIONS[question].answers)) return "";
  const found = outcome(question, first, second), { answers } = QUESTIONS[question];
  const said = answers[guess], was = answers[found] ?? found;
  return guess === found ? ` You predicted “${said}”: so it was.` : ` You predicted “${said}”; it was “${was}”.`;
}

// ---- What was seen.

const percent = (share) => `${Math.floor(100 * share + 1e-9)} %`; // 99.9 % is not yet 100 %
const counted = (count, thing) => `${count} ${thing}${count === 1 ? "" : "s"}`;
const DONE = {
  clamp: "Held down", freeze: "Frozen", remove: "Removed", enlarge: "Doubled", alone: "Kept alone",
};

// Return what was done, as the beginning of a sentence: "Held down from epoch 27".
function deed({ kind, to }, epoch) {
  if (kind in DONE) return `${DONE[kind]} ${["clamp", "freeze", "alone"].includes(kind) ? "from" : "after"} epoch ${epoch}`;
  return `With ${KINDS[kind]} ${to} from epoch ${epoch}`;
}

// Return what differs between two runs: "Held down from epoch 27: generalized at 171 instead of 133."
function difference(first, second) {
  const { change, events: { change: epoch, generalization }, finished } = second;
  if (epoch === null) return second.waits
    ? " The second run waits for the end of the first, to know which neurons suffice."
    : finished ? ` The change was never made, since there was no ${change.at}.` : "";
  const size = second.neurons && Array.isArray(change.set) ? ` (${counted(second.neurons.length, "neuron")})` : "";
  const instead = first.events.generalization ?? (first.finished ? "never" : null);
  const compared = instead === null || instead === generalization ? "" : ` instead of ${instead}`;
  const before = generalization !== null && generalization <= epoch && epoch > 0;
  const test = second.points.at(-1).test.accuracy, end = finished ? "at the end" : "now";
  const found = before ? `test accuracy ${percent(test)} ${end}, where it was above 98 % from ${generalization} on`
    : generalization !== null ? `generalized at ${generalization}${compared}`
      : finished ? `not generalized by epoch ${second.points.at(-1).epoch}${compared && `, instead of at ${instead}`}`
        : `not generalized yet, at epoch ${second.points.at(-1).epoch}`;
  return ` ${deed(change, epoch)}${size}: ${found}.`;
}

// Return the state of one or two runs in sentences.
function summary(first, second, running, guess) {
  const { points, settings, events: { memorization, generalization } } = first;
  const { epoch, train, test, sparsity } = points.at(-1);
  const done = first.finished && (!second || second.finished);
  const state = running ? "Training. " : done ? "Done. " : epoch > 0 ? "Paused. " : "Ready. ";
  const delay = memorization !== null && generalization > memorization
    ? `, ${counted(generalization - memorization, "epoch")} after it had memorized` : "";
  const moral = generalization === null ? "" : ` It generalized at epoch ${generalization}${delay}.`;
  const other = second && epoch > 0 ? difference(first, second) : "";
  const verdict = done && second && second.events.change !== null ? judged(questionOf(second.change), guess, first, second) : "";
  return `${state}Epoch ${epoch}: train ${percent(train.accuracy)}, test ${percent(test.accuracy)}, `
    + `${sparsity} of ${settings.width} neurons suffice.${moral}${other}${verdict}`;
}
