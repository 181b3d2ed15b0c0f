import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the precision of each class, tp / (tp + fp), the share of its predicted pixels that are right, in 0..1; `NaN`
 * for a class that was never predicted.
 *
 * @example
 * ```ts
 * precision({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // [0.857143, 0.666667]
 * ```
 */
export function precision(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(matrix, ({ truePositives, falsePositives }) => truePositives / (truePositives + falsePositives));
}
