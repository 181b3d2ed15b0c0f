import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the positive likelihood ratio of each class, recall / false positive rate, 0 or more. `NaN` where either is.
 *
 * @example
 * ```ts
 * positiveLikelihoodRatio({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }); // [3, 3]
 * ```
 */
export function positiveLikelihoodRatio(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(
    matrix,
    ({ truePositives, falsePositives, falseNegatives, trueNegatives }) =>
      truePositives / (truePositives + falseNegatives) / (falsePositives / (falsePositives + trueNegatives)),
  );
}
