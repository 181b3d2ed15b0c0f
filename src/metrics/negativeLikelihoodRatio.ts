import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the negative likelihood ratio of each class, false negative rate / specificity, 0 or more. `NaN` where either is.
 *
 * @example
 * ```ts
 * negativeLikelihoodRatio({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }); // [0.333333, 0.333333]
 * ```
 */
export function negativeLikelihoodRatio(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(
    matrix,
    ({ truePositives, falsePositives, falseNegatives, trueNegatives }) =>
      falseNegatives / (falseNegatives + truePositives) / (trueNegatives / (trueNegatives + falsePositives)),
  );
}
