import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the recall of each class, tp / (tp + fn), the share of its true pixels that were found, in 0..1; `NaN` for a
 * class that does not occur in the target.
 *
 * @example
 * ```ts
 * recall({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // [0.857143, 0.666667]
 * ```
 */
export function recall(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(matrix, ({ truePositives, falseNegatives }) => truePositives / (truePositives + falseNegatives));
}
