// What can be asked of the lab: the one list that lab/address.py reads too.

import rules from "./rules.json" with { type: "json" };

// A field's text is a number only where this matches, as in Python.
export const NUMBER = new RegExp(rules.number);
// Least values are those of ParityTask and TrainConfig; the greatest are what a browser bears.
/** @type {Record<string, Field>} */
export const FIELDS = rules.fields;
// Those of a dot of one's own: as far as the settings of the law.
/** @type {Record<string, Field>} */
export const DOT_FIELDS = rules.dot;
/** @type {Record<string, string>} */
export const FIXED = rules.fixed; // what the engine can do
/** @type {Record<string, string>} */
export const NEURON_CHANGES = rules.neuron_changes;
/** @type {Record<string, string>} */
export const WEIGHT_CHANGES = rules.weight_changes;
// What such a change asks for, in the place of another value of a setting.
/** @type {Record<string, Field>} */
export const WEIGHT_SHARES = rules.shares;
/** @type {Record<string, string>} */
export const SETTING_CHANGES = rules.setting_changes;
/** @type {Record<string, string>} */
export const CHANGES = { ...NEURON_CHANGES, ...WEIGHT_CHANGES, ...SETTING_CHANGES };
export const AT_START_ALONE = rules.at_start_alone;
/** @type {Record<string, string>} */
export const SETS = rules.sets;
/** @type {Record<string, string>} */
export const EVENTS = rules.events;
/** @type {Record<string, Record<string, string | number>>} */
export const STARTS = rules.starts;
/** @type {Record<string, Record<string, string | number>>} */
export const EXPERIMENTS = rules.experiments;

// Whether an object has a name of its own; `in` would also find what all objects have.
/** @type {(named: object, name: string) => boolean} */
export const has = (named, name) => Object.hasOwn(named, name);
