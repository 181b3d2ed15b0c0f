import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { type MeanOptions, meanOfClasses } from './counts.js';
import { dice } from './dice.js';

/**
 * Returns the mean over classes of their Dice coefficients, in 0..1; see {@link dice}. `absent` says what a class in neither mask
 * counts; `NaN` where no class is left.
 *
 * @example
 * ```ts
 * meanDice({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.7619048
 * ```
 */
export function meanDice(matrix: ConfusionMatrix | ClassCounts, options: MeanOptions = {}): number {
  return meanOfClasses('meanDice', dice(matrix), options);
}
