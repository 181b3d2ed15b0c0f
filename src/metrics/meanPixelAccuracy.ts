import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { type MeanOptions, meanOfClasses } from './counts.js';
import { recall } from './recall.js';

/**
 * Returns the mean over classes of the share of their pixels that was predicted rightly (MPA), in 0..1: the mean recall,
 * also called balanced accuracy. `absent` says what a class counts that does not occur in the target; `NaN` where no
 * class is left. With `absent: 'zero'` it is the figure of the STEM segmentation code of Liu et al. (diagonal over
 * max(row sum, 1)).
 *
 * @example
 * ```ts
 * meanPixelAccuracy({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.7619048
 * ```
 */
export function meanPixelAccuracy(matrix: ConfusionMatrix | ClassCounts, options: MeanOptions = {}): number {
  return meanOfClasses('meanPixelAccuracy', recall(matrix), options);
}
