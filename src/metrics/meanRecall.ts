import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { type MeanOptions, meanOfClasses } from './counts.js';
import { recall } from './recall.js';

/**
 * Returns the mean over classes of their recalls, in 0..1; see {@link recall}. `absent` says what a class that does not occur in the target
 * counts; `NaN` where no class is left.
 *
 * @example
 * ```ts
 * meanRecall({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.7619048
 * ```
 */
export function meanRecall(matrix: ConfusionMatrix | ClassCounts, options: MeanOptions = {}): number {
  return meanOfClasses('meanRecall', recall(matrix), options);
}
