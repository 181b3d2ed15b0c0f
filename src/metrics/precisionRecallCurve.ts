import { requireKnownOptions } from '../core/check.js';
import type { ScoreOptions } from './binaryScores.js';
import type { ClassIds, Scores } from './classIds.js';
import { cumulateScores } from './cumulateScores.js';

/** Precision and recall where `score >= threshold` is positive; see {@link precisionRecallCurve}. */
export interface PrecisionRecallCurve {
  /** Precision at each threshold, and 1 at the end. */
  readonly precision: Float64Array;
  /** Recall at each threshold, falling, and 0 at the end. */
  readonly recall: Float64Array;
  /** The distinct scores, rising; one element fewer. */
  readonly thresholds: Float64Array;
}

/**
 * Returns precision and recall at every distinct score. Equal to scikit-learn's `precision_recall_curve`: thresholds rise,
 * and a last point of precision 1 and recall 0 is added. Recall is `NaN` where the target has no positive.
 *
 * @param target - 0 or 1 per pixel.
 * @param scores - of the same size; larger is more surely 1.
 * @throws RangeError where sizes differ, a target is neither 0 nor 1, or a score is NaN, with its place.
 *
 * @example
 * ```ts
 * const curve = precisionRecallCurve(new Uint8Array([0, 0, 1, 1]), new Float32Array([0.1, 0.4, 0.35, 0.8]));
 * curve.precision; // [0.5, 0.666667, 0.5, 1, 1]
 * curve.recall; // [1, 1, 0.5, 0.5, 0]
 * ```
 */
export function precisionRecallCurve(
  target: ClassIds,
  scores: Scores,
  options: ScoreOptions = {},
): PrecisionRecallCurve {
  requireKnownOptions('precisionRecallCurve', options, ['ignoreIndex']);
  const { thresholds, truePositives, falsePositives, positives } = cumulateScores(target, scores, options);
  const count = thresholds.length;
  const precision = new Float64Array(count + 1).fill(1);
  const recall = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) {
    const hits = truePositives[count - 1 - i]!;
    precision[i] = hits / (hits + falsePositives[count - 1 - i]!);
    recall[i] = hits / positives;
  }
  return { precision, recall, thresholds: thresholds.reverse() };
}
