import type { ScoreOptions } from './binaryScores.js';
import type { ClassIds, Scores } from './classIds.js';
import { rocCurve } from './rocCurve.js';

/**
 * Returns the area under the receiver operating characteristic: how likely a positive pixel scores above a negative one,
 * in 0..1, 0.5 by chance. Equal to scikit-learn's `roc_auc_score`. `NaN` where the target lacks one of the classes.
 *
 * @throws RangeError as {@link precisionRecallCurve}.
 *
 * @example
 * ```ts
 * rocAuc(new Uint8Array([0, 0, 1, 1]), new Float32Array([0.1, 0.4, 0.35, 0.8])); // 0.75
 * ```
 */
export function rocAuc(target: ClassIds, scores: Scores, options: ScoreOptions = {}): number {
  const { falsePositiveRate: x, truePositiveRate: y } = rocCurve(target, scores, options);
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area;
}
