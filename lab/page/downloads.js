// What a reader takes home: the curves as CSV, the picture as PNG, the address, the Python.

import { RUNS } from "./summary.js";

/** @type {(name: string, blob: Blob) => void} */
export function download(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// Copy a text; where the browser forbids it, return false.
/** @type {(text: string) => Promise<boolean>} */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// ---- Tables, with the address of the experiment in the first line, as the book's tables have.

/** @type {(address: string, names: string[], rows: (string | number | undefined)[][]) => Blob} */
function csv(address, names, rows) {
  const lines = [`# ${address}`, names.join(","), ...rows.map((row) => row.join(","))];
  return new Blob([lines.join("\n"), "\n"], { type: "text/csv" });
}

/** @type {(address: string, runs: Runner[]) => Blob} */
export function curvesTable(address, runs) {
  const names = [
    "run", "epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy",
    "effective_sparsity",
  ];
  const rows = runs.flatMap(({ points }, run) => points.map(({ epoch, train, test, sparsity }) => [
    RUNS[run], epoch, train.loss, train.accuracy, test.loss, test.accuracy, sparsity,
  ]));
  return csv(address, names, rows);
}

// A row a seed and run; an event that did not happen leaves its cell empty: censored.
/** @type {(address: string, repeat: TenSeeds) => Blob} */
export function seedsTable(address, repeat) {
  const names = [
    "seed", "run", "memorization_epoch", "generalization_epoch", "last_epoch", "test_accuracy",
    "effective_sparsity",
  ];
  const kinds = repeat.change ? [0, 1] : [0];
  const rows = kinds.flatMap((kind) => repeat.runs(kind).map((run) => {
    const { memorization, generalization } = run.events;
    const events = [memorization ?? "", generalization ?? ""];
    return [run.seed, RUNS[kind], ...events, run.epoch, run.accuracy, run.sparsity];
  }));
  return csv(address, names, rows);
}

// ---- The picture: the figures where they stand, and below them what is told.

/** @type {(canvas: OffscreenCanvas) => OffscreenCanvasRenderingContext2D} */
const contextOf = (canvas) =>
  /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));

/** @type {(root: HTMLElement, told: string[]) => Promise<Blob>} */
export async function picture(root, told) {
  const style = getComputedStyle(root), pixels = 2, gap = 14, line = 19;
  const { left, width } = root.getBoundingClientRect();
  const figures = [...root.querySelectorAll("figure")].filter((figure) => figure.offsetWidth > 0);
  const boxes = figures.map((figure) => figure.getBoundingClientRect());
  const top = Math.min(...boxes.map((box) => box.top)) - gap;
  const bottom = Math.max(...boxes.map((box) => box.bottom)) + gap;
  const ruler = contextOf(new OffscreenCanvas(1, 1)), font = `13px ${style.fontFamily}`;
  ruler.font = font;
  const lines = told.flatMap((text) => wrapped(ruler, text, width - 2 * gap));
  const height = bottom - top + line * lines.length + gap;
  const canvas = new OffscreenCanvas(pixels * width, pixels * height);
  const ctx = contextOf(canvas);
  ctx.scale(pixels, pixels);
  ctx.fillStyle = style.backgroundColor;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  for (const figure of figures) await paste(ctx, figure, left, top);
  Object.assign(ctx, { font, fillStyle: style.color });
  lines.forEach((text, i) => ctx.fillText(text, gap, bottom - top + line * (i + 0.7)));
  return canvas.convertToBlob({ type: "image/png" });
}

/** @type {(ctx: OffscreenCanvasRenderingContext2D, text: string, width: number) => string[]} */
function wrapped(ctx, text, width) {
  return text.split(" ").reduce((lines, word) => {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (ctx.measureText(longer).width > width) return [...lines, word];
    return [...lines.slice(0, -1), longer];
  }, [""]);
}

/** @type {(
 *   ctx: OffscreenCanvasRenderingContext2D, figure: HTMLElement, left: number, top: number
 * ) => Promise<void>} */
async function paste(ctx, figure, left, top) {
  const style = getComputedStyle(figure);
  /** @type {(element: Element) => [number, number, number, number]} */
  const place = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x - left, y - top, width, height];
  };
  ctx.fillStyle = style.backgroundColor;
  ctx.fillRect(...place(figure));
  for (const part of figure.querySelectorAll("figcaption b, .gl-key")) {
    const [x, y, width, height] = place(part), { color, fontWeight } = getComputedStyle(part);
    if (width === 0) continue;
    const room = part.tagName === "B" ? 0 : pasteKey(ctx, part, x, y + height / 2);
    Object.assign(ctx, { font: `${fontWeight} 13px ${style.fontFamily}`, fillStyle: color });
    ctx.fillText(part.textContent ?? "", x + room, y + height / 2 + 5);
  }
  for (const layer of figure.querySelectorAll("canvas, svg")) {
    ctx.drawImage(await imageOf(layer), ...place(layer));
  }
}

// Draw the sample of a key; return the room that it takes.
/** @type {(
 *   ctx: OffscreenCanvasRenderingContext2D, key: Element, x: number, y: number
 * ) => number} */
function pasteKey(ctx, key, x, y) {
  const { backgroundColor, borderTopColor, width } = getComputedStyle(key, "::before");
  const solid = backgroundColor !== "rgba(0, 0, 0, 0)", wide = Math.max(8, parseFloat(width));
  ctx.fillStyle = solid ? backgroundColor : borderTopColor;
  ctx.fillRect(x, y - (solid ? 5 : 1), wide, solid ? 10 : 2);
  return wide + 6;
}

/** @type {(layer: Element) => Promise<HTMLCanvasElement | HTMLImageElement>} */
async function imageOf(layer) {
  if (layer instanceof HTMLCanvasElement) return layer;
  const { width, height } = layer.getBoundingClientRect();
  const size = `width="${width}" height="${height}"`;
  const text = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${layer.innerHTML}</svg>`;
  const image = new Image(2 * width, 2 * height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  return image;
}
