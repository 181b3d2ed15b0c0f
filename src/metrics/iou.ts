import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the intersection over union of each class (Jaccard index), tp / (tp + fp + fn), in 0..1; `NaN` for a class that
 * occurs in neither mask.
 *
 * @example
 * ```ts
 * iou({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // [0.75, 0.5]
 * ```
 */
export function iou(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(
    matrix,
    ({ truePositives, falsePositives, falseNegatives }) =>
      truePositives / (truePositives + falsePositives + falseNegatives),
  );
}
