// NumPy's random numbers, number by number, so that a seed of the lab is that seed of the book:
// what its Generator makes of the bits, D. Lemire's bounded integers (arXiv:1805.10941) and shuffles.

import { high, PCG64, times, WORD } from "./pcg64.js";

export class Generator extends PCG64 {
  // Uniform in [0, 1): the upper 53 bits.
  random() {
    this.draw();
    return (this.top * 2 ** 21 + (this.low >>> 11)) / 2 ** 53;
  }

  // uniform(low, high, count)
  /** @type {(low: number, high: number, count: number) => Numbers} */
  uniform(low, high, count) {
    const range = high - low;
    return Float64Array.from({ length: count }, () => low + range * this.random());
  }

  // integers(0, 2, count, dtype=int8): the top bit of each byte of as many words as it takes.
  /** @type {(count: number) => Int8Array<ArrayBuffer>} */
  bits(count) {
    const drawn = new Int8Array(count);
    for (let i = 0, word = 0; i < count; i++) {
      word = i % 4 === 0 ? this.word() : word >>> 8;
      drawn[i] = (word >>> 7) & 1;
    }
    return drawn;
  }

  // A whole number in 0 ... most, by masks: what shuffles of arrays use.
  /** @type {(most: number) => number} */
  masked(most) {
    if (most === 0) return 0;
    const mask = (WORD - 1) >>> Math.clz32(most);
    for (;;) {
      const drawn = (this.word() & mask) >>> 0;
      if (drawn <= most) return drawn;
    }
  }

  // A whole number in 0 ... most, by multiplication (Lemire): what `choice` uses.
  /** @type {(most: number) => number} */
  bounded(most) {
    const count = most + 1, least = (WORD - count) % count;
    if (most === 0) return 0;
    for (;;) {
      const word = this.word();
      if (times(word, count) >= least) return high(word, count);
    }
  }

  // permutation(count), and a row of permuted(axis=1)
  /** @type {(count: number) => Neurons} */
  permutation(count) {
    return this.shuffle(Uint32Array.from({ length: count }, (_, i) => i), 1, (i) => this.masked(i));
  }

  /** @type {(items: Neurons, first: number, below: (most: number) => number) => Neurons} */
  shuffle(items, first, below) {
    for (let i = items.length - 1; i >= first; i--) {
      const j = below(i), moved = items[i];
      items[i] = items[j];
      items[j] = moved;
    }
    return items;
  }

  // choice(count, size, replace=False): the tail of a shuffle where much of a large population
  // is drawn, else R. Floyd's way, then shuffled.
  /** @type {(count: number, size: number) => Neurons} */
  choice(count, size) {
    /** @type {(i: number) => number} */
    const below = (i) => this.bounded(i);
    if (count > 10000 && size > Math.floor(count / 50)) {
      const all = Uint32Array.from({ length: count }, (_, i) => i);
      return this.shuffle(all, Math.max(count - size, 1), below).slice(count - size);
    }
    const found = new Set();
    for (let j = count - size; j < count; j++) {
      const drawn = below(j);
      found.add(found.has(drawn) ? j : drawn);
    }
    return this.shuffle(Uint32Array.from(found), 1, below);
  }
}

// The book's streams: one of its own for each purpose and seed (grokutils.streams.generator).
/**
 * @param {string} purpose
 * @param {number} seed
 */
export function generator(purpose, seed = 0) {
  return new Generator([seed, ...new TextEncoder().encode(purpose)]);
}
