import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { dice } from './dice.js';

/**
 * Returns the F1 score of each class, the harmonic mean of precision and recall, in 0..1; `NaN` for a class that occurs
 * in neither mask. Over pixels it is the Dice coefficient: 2 tp / (2 tp + fp + fn).
 *
 * @example
 * ```ts
 * f1({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // [0.857143, 0.666667]
 * ```
 */
export function f1(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return dice(matrix);
}
