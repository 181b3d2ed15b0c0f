import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { type MeanOptions, meanOfClasses } from './counts.js';
import { iou } from './iou.js';

/**
 * Returns the mean over classes of their intersections over union (MIoU), in 0..1; see {@link iou}. `absent` says what a class in neither mask
 * counts; `NaN` where no class is left.
 *
 * @example
 * ```ts
 * meanIou({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.625
 * ```
 */
export function meanIou(matrix: ConfusionMatrix | ClassCounts, options: MeanOptions = {}): number {
  return meanOfClasses('meanIou', iou(matrix), options);
}
