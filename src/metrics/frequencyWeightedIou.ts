import type { ConfusionMatrix } from './confusionMatrix.js';
import { iou } from './iou.js';
import { requireConfusionMatrix } from './requireConfusionMatrix.js';

/**
 * Returns the mean of the classes' intersection over union, each weighted by its share of the target's pixels (FWIoU), in
 * 0..1. `NaN` where there is no pixel.
 *
 * @example
 * ```ts
 * frequencyWeightedIou({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.675
 * ```
 */
export function frequencyWeightedIou(matrix: ConfusionMatrix): number {
  requireConfusionMatrix(matrix);
  const { classes, counts } = matrix;
  const overlap = iou(matrix);
  let sum = 0;
  let all = 0;
  for (let c = 0; c < classes; c++) {
    let actual = 0;
    for (let p = 0; p < classes; p++) actual += counts[c * classes + p]!;
    all += actual;
    // A class without a pixel weighs nothing, also where its own value is 0 / 0.
    if (actual > 0) sum += actual * overlap[c]!;
  }
  return sum / all;
}
