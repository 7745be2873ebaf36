// A change made on the way: to a set of neurons, to the weights, or to a setting.

import { NEURON_CHANGES, SETTING_CHANGES, WEIGHT_CHANGES, has } from "./rules.js";

/** @type {(change: Change | null) => boolean} */
export const changesNeurons = (change) => change !== null && has(NEURON_CHANGES, change.kind);
/** @type {(change: Change | null) => boolean} */
export const changesWeights = (change) => change !== null && has(WEIGHT_CHANGES, change.kind);
/** @type {(change: Change | null) => boolean} */
export const changesSetting = (change) => change !== null && has(SETTING_CHANGES, change.kind);

// Whether what is changed depends on how the undisturbed run ends.
/** @type {(change: Change | null) => boolean} */
export const needsWinners = (change) =>
  changesWeights(change) || (changesNeurons(change) && !Array.isArray(change?.set));
