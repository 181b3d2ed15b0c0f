import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the accuracy of each class against the rest, (tp + tn) / all pixels, in 0..1; of all classes together see
 * {@link pixelAccuracy}. `NaN` where there is no pixel.
 *
 * @example
 * ```ts
 * classAccuracy({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }); // [0.75, 0.75]
 * ```
 */
export function classAccuracy(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(
    matrix,
    ({ truePositives, falsePositives, falseNegatives, trueNegatives }) =>
      (truePositives + trueNegatives) / (truePositives + trueNegatives + falsePositives + falseNegatives),
  );
}
