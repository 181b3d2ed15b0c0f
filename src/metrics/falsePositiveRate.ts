import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the false positive rate of each class, fp / (fp + tn), in 0..1: 1 - specificity. `NaN` where there is no pixel
 * of another class.
 *
 * @example
 * ```ts
 * falsePositiveRate({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }); // [0.25, 0.25]
 * ```
 */
export function falsePositiveRate(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(matrix, ({ falsePositives, trueNegatives }) => falsePositives / (falsePositives + trueNegatives));
}
