// The engine's inner loops over neurons: plainly, or two neurons at a time by the vector loops of
// wasm_loops.py, here VECTORS, where WebAssembly has them. Both take every sum in the same order.

import { VECTORS } from "../shared/given.js";
import { addBlock, BLOCK, CHUNK, chunksOf, TABLE, TOGETHER } from "./signed_sums.js";

const LANES = 128; // neuron j goes into lane j mod 128 of a sum over neurons

// The vector loops, or null where WebAssembly lacks them or is not allowed.
const VECTOR_MODULE = compiled(VECTORS);
/** @type {(base64: string) => WebAssembly.Module | null} */
function compiled(base64) {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
  } catch {
    return null;
  }
}

const PAGE = 65536; // bytes of WebAssembly's memory
const MOST_PAGES = 65536;

// Make arrays { name: [kind, length] } in one memory, and the kernels that work there.
/**
 * @template {Record<string, [Float64ArrayConstructor | Uint16ArrayConstructor, number]>} P
 * @param {P} parts
 * @returns {{ arrays: ArraysOf<P>, kernels: Kernels }}
 */
export function inOneMemory(parts) {
  let end = 8 * (TABLE + LANES); // the vector loops' own
  const begins = Object.values(parts).map(([kind, length]) => {
    const begin = end;
    end += 16 * Math.ceil((length * kind.BYTES_PER_ELEMENT) / 16);
    return begin;
  });
  const pages = Math.ceil(end / PAGE), fits = VECTOR_MODULE !== null && pages <= MOST_PAGES;
  const memory = fits ? new WebAssembly.Memory({ initial: pages }) : null;
  const buffer = /** @type {ArrayBuffer} */ (memory?.buffer ?? new ArrayBuffer(end));
  const arrays = Object.entries(parts).map(([name, [Kind, length]], i) =>
    [name, new Kind(buffer, begins[i], length)]);
  return { arrays: Object.fromEntries(arrays), kernels: new Kernels(buffer, memory) };
}

// Without a branch, which the processor would mispredict for half of the neurons.
/** @type {(a: number) => number} */
export const relu = (a) => 0.5 * (a + Math.abs(a));

/** @type {(lanes: Numbers, active: Numbers, at: number, readout: Numbers) => void} */
function sumLanes(lanes, active, at, readout) {
  for (let l = 0; l < LANES; l++) {
    let sum = 0;
    for (let j = l; j < readout.length; j += LANES) sum += relu(active[at + j]) * readout[j];
    lanes[l] = sum;
  }
}

// The loops of one run. Vectors do whole blocks and pairs; what is left is done plainly.
class Kernels {
  /**
   * @param {ArrayBuffer} buffer
   * @param {WebAssembly.Memory | null} memory
   */
  constructor(buffer, memory) {
    this.lanes = new Float64Array(buffer, 8 * TABLE, LANES);
    const module = /** @type {WebAssembly.Module} */ (VECTOR_MODULE);
    const loops = memory && new WebAssembly.Instance(module, { lab: { memory } }).exports;
    this.vectors = /** @type {Loops | null} */ (loops);
  }

  // out[r, :] = scale * out[r, :] + sum over c of sign[r, c] * source[c, :], neurons innermost: the
  // sums of 16 are added one after the other, each a balanced tree. `source` has zero rows up to a
  // multiple of 16, whose signs do not matter.
  /** @type {(
   *   out: Numbers, rows: number, scale: number, source: Numbers, columns: number,
   *   signs: Signs, width: number
   * ) => void} */
  addSigned(out, rows, scale, source, columns, signs, width) {
    const chunks = chunksOf(columns), fours = columns <= 4 ? 1 : 4;
    const product = { out, rows, source, signs, width, chunks, fours };
    for (let first = 0; first < width; first += BLOCK) {
      const whole = this.vectors && first + BLOCK <= width;
      for (let chunk = 0, count; chunk < chunks; chunk += count) {
        count = chunks - chunk < TOGETHER ? 1 : TOGETHER;
        const keep = chunk === 0 ? scale : 1;
        if (whole) this.addBlock(product, first, chunk, count, keep);
        else addBlock(product, first, chunk, count, keep);
      }
    }
  }

  /** @type {(given: Product, first: number, chunk: number, count: number, keep: number) => void} */
  addBlock({ out, rows, source, signs, width, chunks, fours }, first, chunk, count, keep) {
    const vectors = /** @type {Loops} */ (this.vectors);
    const by = 8 * width, at = out.byteOffset + 8 * first;
    vectors.fill(source.byteOffset + by * CHUNK * chunk + 8 * first, by, count * fours);
    const lookUp = fours === 1 ? "lookUpFour" : count === 1 ? "lookUp1" : "lookUp3";
    vectors[lookUp](at, at + by * rows, by, keep, signs.byteOffset + 2 * chunk, 2 * chunks);
  }

  // f of a sample: the sum over its neurons, lane by lane, then the lanes in pairs.
  /** @type {(active: Numbers, at: number, readout: Numbers) => number} */
  output(active, at, readout) {
    const { lanes, vectors } = this, width = readout.length, from = active.byteOffset + 8 * at;
    const done = vectors && width >= LANES ? width - (width % 2) : 0;
    if (done === 0 || !vectors) sumLanes(lanes, active, at, readout);
    else {
      vectors.lanes(from, from + 8 * done, readout.byteOffset);
      if (done < width) lanes[done % LANES] += relu(active[at + done]) * readout[done];
    }
    for (let half = LANES / 2; half >= 1; half /= 2) {
      for (let l = 0; l < half; l++) lanes[l] += lanes[l + half];
    }
    return lanes[0];
  }

  // gradient[to + j] = move * readout[j] where neuron j is active, else 0
  /** @type {(
   *   gradient: Numbers, to: number, active: Numbers, at: number, readout: Numbers,
   *   move: number
   * ) => void} */
  mask(gradient, to, active, at, readout, move) {
    const done = this.inPairs("mask", gradient, to, readout.length, active, at, readout, move);
    for (let j = done; j < readout.length; j++) {
      gradient[to + j] = active[at + j] > 0 ? move * readout[j] : 0;
    }
  }

  // readout[j] += move * relu(active[at + j])
  /** @type {(readout: Numbers, active: Numbers, at: number, move: number) => void} */
  addActive(readout, active, at, move) {
    const { length } = readout;
    const done = this.inPairs("addActive", readout, 0, length, active, at, readout, move);
    for (let j = done; j < length; j++) readout[j] += move * relu(active[at + j]);
  }

  /** @type {(array: Numbers, length: number, factor: number) => void} */
  scale(array, length, factor) {
    const done = this.inPairs("scale", array, 0, length, array, 0, array, factor);
    for (let j = done; j < length; j++) array[j] *= factor;
  }

  // Do as many of `length` numbers as come in pairs; return how many.
  /** @type {(
   *   name: "mask" | "addActive" | "scale", array: Numbers, to: number, length: number,
   *   active: Numbers, at: number, readout: Numbers, factor: number
   * ) => number} */
  inPairs(name, array, to, length, active, at, readout, factor) {
    const done = this.vectors ? length - (length % 2) : 0, begin = array.byteOffset + 8 * to;
    const others = [active.byteOffset + 8 * at, readout.byteOffset];
    if (done > 0) this.vectors?.[name](begin, begin + 8 * done, ...others, factor);
    return done;
  }
}
