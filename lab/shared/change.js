// A change made on the way: to a set of neurons, or to a setting.

import { NEURON_CHANGES, has } from "./rules.js";

/** @type {(change: Change | null) => boolean} */
export const changesNeurons = (change) => change !== null && has(NEURON_CHANGES, change.kind);

// Whether the set depends on how the undisturbed run ends.
/** @type {(change: Change | null) => boolean} */
export const needsWinners = (change) => changesNeurons(change) && !Array.isArray(change?.set);
