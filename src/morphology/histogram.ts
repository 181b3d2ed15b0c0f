import { requireInteger } from '../core/check.js';
import type { Image, PixelData } from '../core/types.js';
import { countInBins } from './bins.js';
import { greyImage } from './greyImage.js';
import { type Kernels, kernels } from './kernels.js';
import { layOut } from './wasmModules.js';

/** Options of the thresholds that are read off a histogram. */
export interface HistogramThresholdOptions {
  /** Number of bins for float images, between the smallest and largest value; integers have one bin a level. @defaultValue 256 */
  readonly bins?: number;
}

/** Counts of the values of an image, and what each bin stands for. */
export interface ValueHistogram {
  readonly counts: Float64Array;
  /** The level of a bin, or its centre. */
  readonly centre: (bin: number) => number;
}

/** The smallest and largest sample; throws where one is not finite. */
export function extremes(data: PixelData): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isFinite(value)) throw new RangeError(`image must hold finite samples, got ${value} at index ${i}.`);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Counts bytes. */
export function countBytes(data: Uint8Array): Int32Array {
  // Below, clearing and adding up the counts of pairs would cost more than it saves.
  const fast = data.length < 1 << 17 ? undefined : kernels();
  return fast === undefined ? countByLoop(data) : countByPairs(fast, data);
}

/** Pairs of neighbours are counted: half as many counts to raise. */
function countByPairs({ memory, countPairs, foldPairs }: Kernels, data: Uint8Array): Int32Array {
  const block = 1 << 16;
  const [piece, pairs, single] = layOut(memory, block, 4 * 65536, 1024) as [number, number, number];
  const bytes = new Uint8Array(memory.buffer);
  bytes.fill(0, pairs, pairs + 4 * 65536);
  bytes.fill(0, single, single + 1024);
  const whole = data.length - (data.length % 8);
  for (let from = 0; from < whole; from += block) {
    const to = Math.min(whole, from + block);
    bytes.set(data.subarray(from, to), piece);
    countPairs(piece, pairs, to - from);
  }
  foldPairs(pairs, single);
  const counts = new Int32Array(memory.buffer, single, 256).slice();
  for (let i = whole; i < data.length; i++) counts[data[i]!]!++;
  return counts;
}

/** Four tables, so that equal neighbours do not wait for each other's store. */
function countByLoop(data: Uint8Array): Int32Array {
  const counts = new Int32Array(1024);
  const whole = data.byteOffset % 4 === 0 ? data.length >> 2 : 0;
  const words = new Int32Array(data.buffer, whole > 0 ? data.byteOffset : 0, whole);
  for (let i = 0; i < whole; i++) {
    const word = words[i]!;
    counts[word & 255]!++;
    counts[256 + ((word >> 8) & 255)]!++;
    counts[512 + ((word >> 16) & 255)]!++;
    counts[768 + (word >>> 24)]!++;
  }
  for (let i = whole * 4; i < data.length; i++) counts[data[i]!]!++;
  for (let i = 0; i < 256; i++) counts[i] = counts[i]! + counts[256 + i]! + counts[512 + i]! + counts[768 + i]!;
  return counts.subarray(0, 256);
}

/**
 * Counts the values of a grey image from its smallest to its largest: one bin a level for integers, `bins` of equal width
 * for floats. A constant image has one bin.
 */
export function valueHistogram(image: Image, bins: number | undefined): ValueHistogram {
  const { data } = greyImage('image', image);
  if (bins !== undefined) {
    requireInteger('bins', bins, { min: 2, max: 65536 });
    if (!(data instanceof Float32Array)) {
      throw new RangeError(`bins must not be given for an integer image, which has one a level, got ${bins}.`);
    }
  }
  if (data instanceof Uint8Array) {
    const all = countBytes(data);
    const low = all.findIndex((count) => count > 0);
    const high = all.findLastIndex((count) => count > 0);
    return { counts: Float64Array.from(all.subarray(low, high + 1)), centre: (bin) => low + bin };
  }
  const [low, high] = extremes(data);
  if (low === high) return { counts: Float64Array.of(data.length), centre: () => low };
  if (data instanceof Uint16Array) {
    const counts = new Float64Array(high - low + 1);
    for (let i = 0; i < data.length; i++) counts[data[i]! - low]!++;
    return { counts, centre: (bin) => low + bin };
  }
  const count = bins ?? 256;
  const step = (high - low) / count;
  const edges = Float64Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + i * step));
  return { counts: countInBins(data, edges), centre: (bin) => (edges[bin]! + edges[bin + 1]!) / 2 };
}
