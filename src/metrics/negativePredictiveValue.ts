import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the negative predictive value of each class, tn / (tn + fn), in 0..1: the share of the pixels predicted as
 * others that are others. `NaN` where none was.
 *
 * @example
 * ```ts
 * negativePredictiveValue({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }); // [0.6, 0.857143]
 * ```
 */
export function negativePredictiveValue(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(matrix, ({ falseNegatives, trueNegatives }) => trueNegatives / (trueNegatives + falseNegatives));
}
