// SHA-256 (FIPS 180-4) of a run's weights: what two readers compare to see that their runs are
// the same to the last bit. The browser's own is missing from pages opened by plain http.

// The first 32 bits of the fractions of the roots of the first primes: cube roots for the
// rounds, square roots to begin with. Doubles hold 53 bits, enough for both.
const PRIMES = Array.from({ length: 310 }, (_, i) => i + 2).filter((n) => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
});
/** @type {(x: number) => number} */
const fraction = (x) => Math.floor((x - Math.floor(x)) * 2 ** 32);
const ROUNDS = Uint32Array.from(PRIMES.slice(0, 64), (p) => fraction(Math.cbrt(p)));
const BEGIN = Uint32Array.from(PRIMES.slice(0, 8), (p) => fraction(Math.sqrt(p)));

// Return the digest of bytes as 64 hexadecimal digits.
/** @type {(bytes: Uint8Array<ArrayBuffer>) => string} */
export function sha256(bytes) {
  const padded = new Uint8Array(64 * Math.ceil((bytes.length + 9) / 64));
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer), state = BEGIN.slice();
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  for (let at = 0; at < padded.length; at += 64) absorb(state, view, at);
  return [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
}

/** @type {(word: number, by: number) => number} */
const turn = (word, by) => (word >>> by) | (word << (32 - by));
const schedule = new Uint32Array(64);

/** @type {(state: Neurons, view: DataView, at: number) => void} */
function absorb(state, view, at) {
  for (let i = 0; i < 16; i++) schedule[i] = view.getUint32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const p = schedule[i - 15], q = schedule[i - 2];
    schedule[i] = schedule[i - 16] + schedule[i - 7]
      + (turn(p, 7) ^ turn(p, 18) ^ (p >>> 3)) + (turn(q, 17) ^ turn(q, 19) ^ (q >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g))
      + ROUNDS[i] + schedule[i];
    const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}

// Return the digest of weights as little-endian doubles: hidden (bit + 1, neuron) neuron by
// neuron, then the biases, its last row, then the readouts (grokutils.parity.weights).
/** @type {(given: WeightArrays, nBits: number) => string} */
export function weightsDigest({ hidden, readout }, nBits) {
  const width = readout.length, bytes = new DataView(new ArrayBuffer(8 * width * (nBits + 2)));
  let at = 0;
  /** @type {(value: number) => void} */
  const put = (value) => bytes.setFloat64(8 * at++, value + 0, true); // a zero is +0
  for (let j = 0; j < width; j++) for (let i = 0; i < nBits; i++) put(hidden[i * width + j]);
  for (let j = 0; j < width; j++) put(hidden[nBits * width + j]);
  readout.forEach(put);
  return sha256(new Uint8Array(bytes.buffer));
}
