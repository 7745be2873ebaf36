// What stands around the figures: buttons, numbers, digests.

import { copied } from "./downloads.js";
import { figureMarkup, FIGURES } from "./figures.js";
import { finderIn } from "./find.js";
import { formMarkup } from "./form.js";
import { number } from "./settings.js";
import { percent, RUNS } from "./summary.js";
import { N_SEEDS } from "./ten_seeds.js";

const TILES = [
  "Epoch", "Train accuracy", "Test accuracy", "Neurons that suffice", "Steps a second",
];

/** @type {(id: string) => string} */
export function markup(id) {
  /** @type {(action: string, text: string, more?: string) => string} */
  const button = (action, text, more = "") =>
    `<button type="button" data-do="${action}" ${more}>${text}</button>`;
  const tiles = TILES.map((tile) => `<div><dt>${tile}</dt><dd></dd></div>`);
  return `<section class="gl" aria-label="Live training lab"><div class="gl-bench">${formMarkup(id)}
    <div class="gl-side">
    <div class="gl-ask" role="group" aria-label="Before it runs" hidden><p></p>
      ${button("accept", "Use these settings")}${button("decline", "Go back")}</div>
    <div class="gl-controls">${button("train", "Train", 'class="gl-primary"')}
      ${button("epoch", "One epoch")}${button("reset", "Reset")}
      ${button("repeat", `Repeat over ${N_SEEDS} seeds`)}
      <label class="gl-axis"><input type="checkbox" name="${id}-linear"> Linear
        axis</label></div>
    <progress class="gl-progress" max="1" value="0" aria-label="Seeds done" hidden></progress>
    <p class="gl-status" aria-hidden="true"></p><p class="gl-unseen" role="status" aria-live="polite"></p>
    <dl class="gl-tiles">${tiles.join("")}</dl>
    <div class="gl-figures">${FIGURES.map((figure) => figureMarkup(id, figure)).join("")}</div>
    <p class="gl-hint gl-meaning">Neurons that suffice: the fewest, the largest first, that by
      themselves predict the training set as all neurons do (the effective sparsity).</p>
    <div class="gl-digests"></div>
    <div class="gl-controls gl-take">${button("link", "Copy link")}${button("csv", "Curves as CSV")}
      ${button("seeds", "Seeds as CSV", "hidden")}${button("png", "Picture as PNG")}
      ${button("python", "The same in Python")}</div>
    <textarea class="gl-text" readonly spellcheck="false" hidden></textarea>
    </div></div></section>`;
}

export class Panel {
  /**
   * @param {HTMLElement} root
   * @param {Session} session
   */
  constructor(root, session) {
    this.root = root;
    this.session = session;
    this.find = finderIn(root);
    this.said = -Infinity; // when something was
    this.reports = false; // whether it was how the run stands
    this.state = ""; // of what was reported last
    this.digests = "";
  }

  /** @type {(text: string) => void} */
  say(text) {
    this.said = performance.now();
    this.reports = false;
    this.find(".gl-status").textContent = this.find("[role=status]").textContent = text;
  }

  // Say what is so, at once where it is another state, else not more often than every 3 s; the eye
  // sees it at once, with the numbers of the same moment, and so it does not replace another word.
  /** @type {(text: string, state: string) => void} */
  report(text, state) {
    if (state !== this.state || !(performance.now() - this.said < 3000)) {
      this.say(text);
      this.reports = true;
    } else if (this.reports) this.find(".gl-status").textContent = text;
    this.show();
    this.state = state;
  }

  // Say how it stands before anything runs; whatever comes next is another state.
  /** @type {(text: string) => void} */
  restart(text) {
    this.say(text);
    this.show();
    this.state = "";
  }

  show() {
    const { session, root } = this, { repeat, second, running, finished } = session;
    const repeating = Boolean(repeat?.running), pair = Boolean(second);
    const states = { running, repeating, pair, repeat: Boolean(repeat) };
    for (const [name, holds] of Object.entries(states)) root.dataset[name] = String(holds);
    const train = running ? "Pause" : finished ? "Train again" : "Train";
    this.find("[data-do=train]").textContent = train;
    this.find("[data-do=train]").disabled = repeating;
    this.find("[data-do=epoch]").disabled = running || repeating;
    this.find("[data-do=repeat]").textContent = repeating ? "Stop" : `Repeat over ${N_SEEDS} seeds`;
    this.find("[data-do=seeds]").hidden = !repeat?.results.length;
    this.find("progress").hidden = !repeating;
    this.find("progress").value = String(repeat?.progress ?? 0);
    if (session.ready) this.showTiles();
    this.showDigests();
  }

  showTiles() {
    const texts = this.session.runs.map(({ latest, settings, steps, busy }) => {
      const { epoch, train, test, sparsity } = latest;
      return [
        `${number(epoch)} <small>of ${number(settings.epochs)}</small>`,
        percent(train.accuracy),
        percent(test.accuracy),
        `${number(sparsity)} <small>of ${number(settings.width)}</small>`,
        busy > 0 ? number(Math.round((1000 * steps) / busy)) : "–",
      ];
    });
    this.root.querySelectorAll("dd").forEach((tile, i) => {
      const other = texts[1]?.[i].replace(/ <.*/, "");
      tile.innerHTML = texts[0][i] + (other ? `<small class="gl-other">changed: ${other}</small>` : "");
    });
  }

  // The digests of finished runs, whole.
  showDigests() {
    const { runs, second } = this.session;
    const told = runs.filter((run) => run.finished && run.digest).map((run) => {
      const name = RUNS[runs.indexOf(run)], which = second ? `, ${name} run` : "";
      return `<p>SHA-256 of the final weights${which}:
        <code data-digest="${run.digest}" data-run="${name}">${run.digest}</code></p>`;
    }).join("");
    if (told !== this.digests) this.find(".gl-digests").innerHTML = told;
    this.digests = told;
  }

  // Show a text to copy, copied already where the browser lets us.
  /** @type {(title: string, text: string) => Promise<void>} */
  async showText(title, text) {
    const area = this.find(".gl-text"), done = await copied(text);
    area.hidden = false;
    area.value = text;
    area.rows = Math.min(24, text.split("\n").length + 1);
    area.setAttribute("aria-label", title);
    if (!done) area.select();
    const where = done ? "is copied; it stands below too" : "stands below, ready to be copied";
    this.say(`${title} ${where}.`);
  }
}
