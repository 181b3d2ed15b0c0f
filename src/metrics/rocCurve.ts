import { requireKnownOptions } from '../core/check.js';
import type { ScoreOptions } from './binaryScores.js';
import type { ClassIds, Scores } from './classIds.js';
import { cumulateScores } from './cumulateScores.js';

/** Rates where `score >= threshold` is positive; see {@link rocCurve}. */
export interface RocCurve {
  /** False positive rate, rising from 0. */
  readonly falsePositiveRate: Float64Array;
  /** True positive rate (recall), rising from 0. */
  readonly truePositiveRate: Float64Array;
  /** Thresholds, falling from infinity, at which nothing is positive. */
  readonly thresholds: Float64Array;
}

/**
 * Returns the receiver operating characteristic at every distinct score, as scikit-learn's `roc_curve` without dropping
 * points. Rates are `NaN` where the target lacks their class.
 *
 * @throws RangeError as {@link precisionRecallCurve}.
 *
 * @example
 * ```ts
 * const curve = rocCurve(new Uint8Array([0, 0, 1, 1]), new Float32Array([0.1, 0.4, 0.35, 0.8]));
 * curve.truePositiveRate; // [0, 0.5, 0.5, 1, 1]
 * curve.falsePositiveRate; // [0, 0, 0.5, 0.5, 1]
 * ```
 */
export function rocCurve(target: ClassIds, scores: Scores, options: ScoreOptions = {}): RocCurve {
  requireKnownOptions('rocCurve', options, ['ignoreIndex']);
  const counts = cumulateScores(target, scores, options);
  const after = (first: number, values: Float64Array): Float64Array => {
    const result = new Float64Array(values.length + 1).fill(first, 0, 1);
    result.set(values, 1);
    return result;
  };
  const rate = (hits: Float64Array, all: number): Float64Array => after(0, hits).map((hit) => hit / all);
  return {
    falsePositiveRate: rate(counts.falsePositives, counts.negatives),
    truePositiveRate: rate(counts.truePositives, counts.positives),
    thresholds: after(Number.POSITIVE_INFINITY, counts.thresholds),
  };
}
