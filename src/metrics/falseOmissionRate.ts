import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the false omission rate of each class, fn / (fn + tn), in 0..1: 1 - negative predictive value. `NaN` where
 * nothing else was predicted.
 *
 * @example
 * ```ts
 * falseOmissionRate({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }); // [0.4, 0.142857]
 * ```
 */
export function falseOmissionRate(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(matrix, ({ falseNegatives, trueNegatives }) => falseNegatives / (falseNegatives + trueNegatives));
}
