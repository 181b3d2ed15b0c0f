import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { type MeanOptions, meanOfClasses } from './counts.js';
import { precision } from './precision.js';

/**
 * Returns the mean over classes of their precisions, in 0..1; see {@link precision}. `absent` says what a class that was never predicted
 * counts; `NaN` where no class is left.
 *
 * @example
 * ```ts
 * meanPrecision({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.7619048
 * ```
 */
export function meanPrecision(matrix: ConfusionMatrix | ClassCounts, options: MeanOptions = {}): number {
  return meanOfClasses('meanPrecision', precision(matrix), options);
}
