// Elements of the lab's own markup.

/** @type {(root: ParentNode) => (selector: string) => Control} */
export const finderIn = (root) => (selector) =>
  /** @type {Control} */ (root.querySelector(selector));
