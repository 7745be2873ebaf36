// Sums over a matrix's rows with signs: both matrix products of a step, of a block of neurons.
//
// Every entry of an input is -1 or +1, so a sum over four of them takes one of only 16 values.
// The products are therefore done by looking such sums up: 16 columns at a time, whose signs are
// the 16 bits of one integer. Every sum is taken in the order that grokutils/parity/kernels.py
// writes down, so all numbers are equal to Python's, bit by bit.

export const CHUNK = 16; // columns whose signs share one integer: four lookups of four columns
export const BLOCK = 32; // neurons whose tables fit into the processor's first cache
export const TOGETHER = 3; // chunks in one pass: 48 columns, enough for the paper's 40 bits and bias
export const TABLE = TOGETHER * 4 * 16 * BLOCK;
const table = new Float64Array(TABLE);

/** @type {(columns: number) => number} */
export const chunksOf = (columns) => Math.ceil(columns / CHUNK);

// Write the sums of ±a ± b, of which plus and minus are two, and some sum of c and d.
/** @type {(to: number, plus: number, minus: number, others: number) => void} */
function fillFour(to, plus, minus, others) {
  table[to] = others - plus;
  table[to + BLOCK] = others + minus;
  table[to + 2 * BLOCK] = others - minus;
  table[to + 3 * BLOCK] = others + plus;
}

// For a block of neurons and some four rows of `source` each, write the 16 signed sums of the four.
/** @type {(
 *   chunk: number, fours: number, source: Numbers, row: number, first: number, block: number,
 *   width: number
 * ) => void} */
function fillTable(chunk, fours, source, row, first, block, width) {
  for (let four = 0; four < fours; four++) {
    const at = (row + 4 * four) * width + first;
    for (let j = 0; j < block; j++) {
      const a = source[at + j];
      const b = source[at + width + j];
      const c = source[at + 2 * width + j];
      const d = source[at + 3 * width + j];
      const plus = a + b, minus = a - b, Plus = c + d, Minus = c - d;
      const to = (4 * chunk + four) * 16 * BLOCK + j; // bit 0 is the sign of a, bit 3 that of d
      fillFour(to, plus, minus, -Plus);
      fillFour(to + 4 * BLOCK, plus, minus, Minus);
      fillFour(to + 8 * BLOCK, plus, minus, -Minus);
      fillFour(to + 12 * BLOCK, plus, minus, Plus);
    }
  }
}

// Add to a block of neurons of `out` what some chunks of columns give.
/** @type {(given: Product, first: number, chunk: number, count: number, keep: number) => void} */
export function addBlock({ out, rows, source, signs, width, chunks, fours }, first, chunk, count, keep) {
  const block = Math.min(BLOCK, width - first);
  for (let c = 0; c < count; c++) {
    fillTable(c, fours, source, CHUNK * (chunk + c), first, block, width);
  }
  for (let r = 0; r < rows; r++) {
    const at = r * width + first, s = r * chunks + chunk;
    if (fours === 1) lookUpFour(out, at, block, keep, signs[s]);
    else if (count === 1) lookUp1(out, at, block, keep, signs[s]);
    else lookUp3(out, at, block, keep, signs[s], signs[s + 1], signs[s + 2]);
  }
}

// Where in the table the sums for four of the 16 bits begin.
/** @type {(chunk: number, four: number, bits: number) => number} */
const place = (chunk, four, bits) => (64 * chunk + 16 * four + ((bits >> (4 * four)) & 15)) * BLOCK;

// One chunk, of which three fours are 0: late in training, few samples of a batch have a gradient.
/** @type {(out: Numbers, at: number, block: number, keep: number, p: number) => void} */
function lookUpFour(out, at, block, keep, p) {
  const a = place(0, 0, p);
  for (let j = 0; j < block; j++) out[at + j] = keep * out[at + j] + table[a + j];
}

// One chunk, or three in one pass, which reads and writes `out` a third as often.
/** @type {(out: Numbers, at: number, block: number, keep: number, p: number) => void} */
function lookUp1(out, at, block, keep, p) {
  const a = place(0, 0, p), b = place(0, 1, p), c = place(0, 2, p), d = place(0, 3, p);
  for (let j = 0; j < block; j++) {
    const sum = table[a + j] + table[b + j] + (table[c + j] + table[d + j]);
    out[at + j] = keep * out[at + j] + sum;
  }
}

/** @type {(
 *   out: Numbers, at: number, block: number, keep: number, p: number, q: number, r: number
 * ) => void} */
function lookUp3(out, at, block, keep, p, q, r) {
  const a = place(0, 0, p), b = place(0, 1, p), c = place(0, 2, p), d = place(0, 3, p);
  const e = place(1, 0, q), f = place(1, 1, q), g = place(1, 2, q), h = place(1, 3, q);
  const i = place(2, 0, r), k = place(2, 1, r), l = place(2, 2, r), m = place(2, 3, r);
  for (let j = 0; j < block; j++) {
    const low = table[a + j] + table[b + j] + (table[c + j] + table[d + j]);
    const middle = table[e + j] + table[f + j] + (table[g + j] + table[h + j]);
    const high = table[i + j] + table[k + j] + (table[l + j] + table[m + j]);
    out[at + j] = keep * out[at + j] + low + middle + high;
  }
}
