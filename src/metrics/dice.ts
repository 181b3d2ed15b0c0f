import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the Dice coefficient of each class, 2 tp / (2 tp + fp + fn) = 2 IoU / (1 + IoU), in 0..1; `NaN` for a class that
 * occurs in neither mask.
 *
 * @example
 * ```ts
 * dice({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // [0.857143, 0.666667]
 * ```
 */
export function dice(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(
    matrix,
    ({ truePositives, falsePositives, falseNegatives }) =>
      (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
  );
}
