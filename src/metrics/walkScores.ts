import { refusePixel, type ScoredPixels } from './binaryScores.js';
import { sortShorts } from './sortShorts.js';

/** Called at every distinct score: how many positives and negatives reach it. */
type Visit = (threshold: number, truePositives: number, falsePositives: number) => void;

/** How many pixels of either class there are. */
export interface ClassTotals {
  readonly positives: number;
  readonly negatives: number;
}

/** Goes down through the distinct scores of a target of 0 and 1, the largest first. */
export function walkScores(pixels: ScoredPixels, visit: Visit): ClassTotals {
  const { data } = pixels.scores;
  return data instanceof Float32Array ? walkFloats(pixels, data, visit) : walkSorted(pixels, visit);
}

/** Sorts the scores of either class in double precision. */
function walkSorted(pixels: ScoredPixels, visit: Visit): ClassTotals {
  const { truth, scores, ignoreIndex } = pixels;
  const counts = [0, 0];
  for (let i = 0; i < truth.data.length; i++) {
    const t = truth.data[i]!;
    if (t === ignoreIndex) continue;
    if ((t !== 0 && t !== 1) || Number.isNaN(scores.data[i]!)) throw refusePixel(pixels, i);
    counts[t]!++;
  }
  const sorted = counts.map((count, side) => {
    const values = new Float64Array(count);
    for (let i = 0, at = 0; i < truth.data.length; i++) if (truth.data[i] === side) values[at++] = scores.data[i]!;
    return values.sort();
  }) as [Float64Array, Float64Array];
  const [negatives, positives] = sorted;
  let [miss, hit] = [negatives.length, positives.length];
  while (hit > 0 || miss > 0) {
    const next = Math.max(
      positives[hit - 1] ?? Number.NEGATIVE_INFINITY,
      negatives[miss - 1] ?? Number.NEGATIVE_INFINITY,
    );
    while (hit > 0 && positives[hit - 1] === next) hit--;
    while (miss > 0 && negatives[miss - 1] === next) miss--;
    // 0 for -0.
    visit(next + 0, positives.length - hit, negatives.length - miss);
  }
  return { positives: positives.length, negatives: negatives.length };
}

/**
 * The same by the bits of float32, which as whole numbers have the order of the scores: they are dealt out by their
 * upper half and their class, and the lower halves sorted where there are several.
 */
function walkFloats(pixels: ScoredPixels, data: Float32Array, visit: Visit): ClassTotals {
  const { truth, ignoreIndex } = pixels;
  const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
  // Where the pixels of an upper half end, negatives then positives.
  const ends = new Uint32Array(2 * 65536);
  for (let i = 0; i < bits.length; i++) {
    const t = truth.data[i]!;
    if (t === ignoreIndex) continue;
    // biome-ignore lint/suspicious/noSelfCompare: the quickest test for NaN
    if ((t !== 0 && t !== 1) || data[i] !== data[i]) throw refusePixel(pixels, i);
    ends[((keyOf(bits[i]!) >>> 16) << 1) | t]!++;
  }
  let total = 0;
  for (let k = 0; k < ends.length; k++) {
    total += ends[k]!;
    ends[k] = total;
  }
  const lows = new Uint16Array(total);
  for (let i = bits.length - 1; i >= 0; i--) {
    const t = truth.data[i]!;
    if (t === ignoreIndex) continue;
    const key = keyOf(bits[i]!);
    lows[--ends[((key >>> 16) << 1) | t]!] = key;
  }
  const tally = new Uint32Array(65536);
  const key = new Int32Array(1);
  const float = new Float32Array(key.buffer);
  let [hits, misses] = [0, 0];
  for (let upper = 65535, end = total; upper >= 0; upper--) {
    // What was counted down while dealing out are starts now.
    const negatives = ends[2 * upper]!;
    const positives = ends[2 * upper + 1]!;
    if (negatives === end) continue;
    sortShorts(lows, negatives, positives, tally);
    sortShorts(lows, positives, end, tally);
    let [miss, hit] = [positives, end];
    while (miss > negatives || hit > positives) {
      const lower = Math.max(miss > negatives ? lows[miss - 1]! : -1, hit > positives ? lows[hit - 1]! : -1);
      for (; miss > negatives && lows[miss - 1] === lower; miss--) misses++;
      for (; hit > positives && lows[hit - 1] === lower; hit--) hits++;
      key[0] = bitsOf((upper << 16) | lower);
      visit(float[0]!, hits, misses);
    }
    end = negatives;
  }
  return { positives: hits, negatives: misses };
}

/** The bits of a float32 as a whole number that grows with it; -0 counts as 0. */
function keyOf(bits: number): number {
  const one = bits === -2147483648 ? 0 : bits;
  return one ^ ((one >> 31) | -2147483648);
}

function bitsOf(key: number): number {
  return key < 0 ? key ^ -2147483648 : ~key;
}
