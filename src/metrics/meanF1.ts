import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { type MeanOptions, meanOfClasses } from './counts.js';
import { f1 } from './f1.js';

/**
 * Returns the mean over classes of their F1 scores (macro F1), in 0..1; see {@link f1}. `absent` says what a class in
 * neither mask counts; `NaN` where no class is left.
 *
 * @example
 * ```ts
 * meanF1({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.7619048
 * ```
 */
export function meanF1(matrix: ConfusionMatrix | ClassCounts, options: MeanOptions = {}): number {
  return meanOfClasses('meanF1', f1(matrix), options);
}
