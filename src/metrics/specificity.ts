import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the specificity of each class (true negative rate), tn / (tn + fp), in 0..1: the share of the other pixels
 * that was not taken for it. `NaN` where there are no others.
 *
 * @example
 * ```ts
 * specificity({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }); // [0.75, 0.75]
 * ```
 */
export function specificity(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(matrix, ({ falsePositives, trueNegatives }) => trueNegatives / (trueNegatives + falsePositives));
}
