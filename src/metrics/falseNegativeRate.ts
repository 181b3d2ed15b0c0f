import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the false negative rate of each class, fn / (fn + tp), in 0..1: 1 - recall. `NaN` where the target lacks the
 * class.
 *
 * @example
 * ```ts
 * falseNegativeRate({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }); // [0.25, 0.25]
 * ```
 */
export function falseNegativeRate(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(matrix, ({ truePositives, falseNegatives }) => falseNegatives / (falseNegatives + truePositives));
}
