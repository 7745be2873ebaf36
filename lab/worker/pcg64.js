// NumPy's bits: its SeedSequence, which is M. O'Neill's randutils, and its PCG64, which is her
// PCG XSL-RR 128/64 (HMC-CS-2014-0905); both as in the documentation of numpy.random.
//
// Words of 32 bits are unsigned numbers; products that need more are put together from halves,
// since BigInt is several times slower.

export const WORD = 2 ** 32;
/** @type {(a: number, b: number) => number} */
export const times = (a, b) => Math.imul(a, b) >>> 0; // the low word of a product
/** @type {(a: number, b: number) => number} */
export const high = (a, b) => // its high word: both sums below stay exact, below 2^49
  Math.floor((a * (b >>> 16) + Math.floor((a * (b & 0xffff)) / 65536)) / 65536);

// ---- SeedSequence: integers of any size, little end first, are stirred into four words.

// Return the words of a whole number below 2^53; of 0, one word.
/** @type {(n: number) => number[]} */
const wordsOf = (n) => (n < WORD ? [n] : [n % WORD, Math.floor(n / WORD)]);

// A hash whose constant changes at every use, so that equal words do not stay equal.
/** @type {(constant: number, factor: number) => (word: number) => number} */
function hasher(constant, factor) {
  return (word) => {
    const salted = word ^ constant;
    constant = times(constant, factor);
    const hashed = times(salted, constant);
    return (hashed ^ (hashed >>> 16)) >>> 0;
  };
}

/** @type {(x: number, y: number) => number} */
function stir(x, y) {
  const mixed = times(0xca01f9dd, x) - times(0x4973f715, y);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

// Return `count` words of state made from the entropy, an array of whole numbers.
/** @type {(entropy: number[], count: number) => number[]} */
function seedWords(entropy, count) {
  const words = entropy.flatMap(wordsOf), hash = hasher(0x43b0d7e5, 0x931e8875);
  const pool = [0, 1, 2, 3].map((i) => hash(words[i] ?? 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = stir(pool[to], hash(pool[from]));
  }
  for (const word of words.slice(4)) {
    for (let to = 0; to < 4; to++) pool[to] = stir(pool[to], hash(word));
  }
  const last = hasher(0x8b51f9dd, 0x58f38ded);
  return Array.from({ length: count }, (_, i) => last(pool[i % 4]));
}

// ---- PCG64: state * multiplier + increment modulo 2^128, in four words, the lowest first.

const M0 = 0x9fccf645; // the multiplier
const M1 = 0x4385df64;
const M2 = 0x1fc65da4;
const M3 = 0x2360ed05;

export class PCG64 {
  /** @param {number[]} entropy */
  constructor(entropy) {
    const seed = seedWords(entropy, 8); // two numbers of 128 bits, high half first
    const [i2, i3, i0, i1] = seed.slice(4);
    this.increment = Float64Array.of(
      ((i0 << 1) | 1) >>> 0, ((i1 << 1) | (i0 >>> 31)) >>> 0,
      ((i2 << 1) | (i1 >>> 31)) >>> 0, ((i3 << 1) | (i2 >>> 31)) >>> 0,
    );
    this.state = Float64Array.of(0, 0, 0, 0);
    this.low = this.top = 0; // the last number drawn
    /** @type {number | null} */
    this.half = null; // its high word, unused
    this.step();
    const [s2, s3, s0, s1] = seed;
    this.add(s0, s1, s2, s3);
    this.step();
  }

  // Keep four sums below 2^40, carrying from word to word.
  /** @type {(r0: number, r1: number, r2: number, r3: number) => void} */
  set(r0, r1, r2, r3) {
    const { state } = this;
    r1 += Math.floor(r0 / WORD);
    r2 += Math.floor(r1 / WORD);
    r3 += Math.floor(r2 / WORD);
    state[0] = r0 >>> 0;
    state[1] = r1 >>> 0;
    state[2] = r2 >>> 0;
    state[3] = r3 >>> 0;
  }

  /** @type {(a0: number, a1: number, a2: number, a3: number) => void} */
  add(a0, a1, a2, a3) {
    const [s0, s1, s2, s3] = this.state;
    this.set(s0 + a0, s1 + a1, s2 + a2, s3 + a3);
  }

  step() {
    const { state, increment } = this, a = state[0], b = state[1], c = state[2], d = state[3];
    this.set(
      increment[0] + times(a, M0),
      increment[1] + high(a, M0) + times(a, M1) + times(b, M0),
      increment[2] + high(a, M1) + high(b, M0) + times(a, M2) + times(b, M1) + times(c, M0),
      increment[3] + high(a, M2) + high(b, M1) + high(c, M0)
        + times(a, M3) + times(b, M2) + times(c, M1) + times(d, M0),
    );
  }

  // Step; leave the 64 bits of the output in `low` and `top`: both halves of the state, one
  // upon the other, turned right by the state's top six bits.
  draw() {
    this.step();
    const { state } = this, turn = state[3] >>> 26, by = turn & 31;
    const even = state[0] ^ state[2], odd = state[1] ^ state[3];
    const x = turn < 32 ? even : odd, y = turn < 32 ? odd : even;
    this.low = by ? ((x >>> by) | (y << (32 - by))) >>> 0 : x >>> 0;
    this.top = by ? ((y >>> by) | (x << (32 - by))) >>> 0 : y >>> 0;
  }

  // A number of 64 bits serves twice, its low word first.
  word() {
    if (this.half !== null) {
      const half = this.half;
      this.half = null;
      return half;
    }
    this.draw();
    this.half = this.top;
    return this.low;
  }
}
