// The address of an experiment; lab/address.py takes and refuses the same.

import { PAPER } from "../shared/given.js";
import { CHANGES, EVENTS, FIELDS, FIXED, SETS, has } from "../shared/rules.js";

// A notebook's address is not the lab's.
export const inNotebook = () =>
  Boolean(document.querySelector("#jupyter-config-data, .jp-NotebookPanel"));

/** @type {Texts} */
export const NO_CHANGE = {
  change: "", set: "sparse", neurons: "", at: "memorization", epoch: "", to: "",
};

/**
 * Return the texts of the fields that an address sets, and what is wrong with the rest of it.
 * @param {string} query
 */
export function readAddress(query) {
  /** @type {Texts} */
  const texts = {};
  /** @type {string[]} */
  const faults = [];
  const asked = new URLSearchParams(query);
  for (const [name, value] of asked) {
    if (asked.getAll(name).length > 1) faults.push(`“${name}” is given twice.`);
    else if (has(FIELDS, name) || name === "to") texts[name] = value;
    else if (name === "change" && has(CHANGES, value)) texts.change = value;
    else if (name === "change") {
      faults.push(`No change is “${value}”; ${Object.keys(CHANGES).join(", ")} are.`);
    } else if (name === "set" && has(SETS, value)) texts.set = value;
    else if (name === "set") Object.assign(texts, { set: "picked", neurons: value });
    else if (name === "at" && has(EVENTS, value)) texts.at = value;
    else if (name === "at") Object.assign(texts, { at: "epoch", epoch: value });
    else if (!has(FIXED, name)) faults.push(`“${name}” is no setting of the lab.`);
    else if (value !== FIXED[name]) faults.push(`Of ${name} the lab has “${FIXED[name]}” alone.`);
  }
  const orphans = ["set", "at", "to"].filter((name) => name in texts && !texts.change);
  for (const name of orphans) faults.push(`“${name}” belongs to a change.`);
  return { texts, faults };
}

/**
 * Return the query that opens the lab on these settings and this change.
 * @param {Settings} settings
 * @param {Change | null} [change]
 */
export function writeAddress(settings, change) {
  /** @type {[string, string | number][]} */
  const query = Object.entries(settings).filter(([name, value]) => value !== PAPER[name]);
  if (change) {
    query.push(["change", change.kind]);
    if (change.set !== undefined) query.push(["set", String(change.set)]);
    query.push(["at", change.at === 0 ? "start" : change.at]);
    if (change.to !== undefined) query.push(["to", change.to]);
  }
  return query.length ? `?${query.map(([name, value]) => `${name}=${value}`).join("&")}` : "";
}
