import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the balanced accuracy of each class against the rest, (recall + specificity) / 2, in 0..1. `NaN` where either
 * is. The mean recall of all classes, which goes by the same name, is {@link meanPixelAccuracy}.
 *
 * @example
 * ```ts
 * balancedAccuracy({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }); // [0.75, 0.75]
 * ```
 */
export function balancedAccuracy(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(
    matrix,
    ({ truePositives, falsePositives, falseNegatives, trueNegatives }) =>
      (truePositives / (truePositives + falseNegatives) + trueNegatives / (trueNegatives + falsePositives)) / 2,
  );
}
