/** Positives, all that reach the threshold, and positives that do. */
export interface CountsAbove {
  readonly positives: number;
  readonly reaching: number;
  readonly hits: number;
}

/**
 * Counts targets of 0 and 1 by whether their score reaches a threshold above 0, without a branch: what noise decides cannot
 * be predicted. Bits of float32 of 0 or more have the order of the numbers. Undefined where a target is neither 0 nor 1,
 * or a score is NaN.
 */
export function countAbove(
  target: Uint8Array | Int32Array,
  scores: Float32Array,
  threshold: number,
): CountsAbove | undefined {
  const bits = new Int32Array(scores.buffer, scores.byteOffset, scores.length);
  const below = lastBelow(threshold);
  let [positives, reaching, hits, labels, wrong] = [0, 0, 0, 0, 0];
  for (let i = 0; i < bits.length; i++) {
    const t = target[i]!;
    const one = bits[i]!;
    // Negative scores count as 0; the difference has a sign where the score reaches the threshold.
    const reaches = (below - (one & ~(one >> 31))) >>> 31;
    positives += t;
    reaching += reaches;
    hits += reaches & t;
    labels |= t;
    wrong |= 0x7f800000 - (one & 0x7fffffff);
  }
  return (labels & ~1) !== 0 || wrong < 0 ? undefined : { positives, reaching, hits };
}

/** The bits of the largest float32 below a number above 0. */
function lastBelow(threshold: number): number {
  const float = Float32Array.of(threshold);
  const bits = new Int32Array(float.buffer)[0]!;
  return float[0]! >= threshold ? bits - 1 : bits;
}
