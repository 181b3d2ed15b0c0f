import type { ConfusionMatrix } from './confusionMatrix.js';
import { requireConfusionMatrix } from './requireConfusionMatrix.js';

/**
 * Returns the share of pixels whose class was predicted rightly (PA), in 0..1; `NaN` where there is no pixel.
 *
 * @example
 * ```ts
 * pixelAccuracy({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.8
 * ```
 */
export function pixelAccuracy(matrix: ConfusionMatrix): number {
  requireConfusionMatrix(matrix);
  const { classes, counts } = matrix;
  let right = 0;
  let all = 0;
  for (let i = 0; i < counts.length; i++) all += counts[i]!;
  for (let c = 0; c < classes; c++) right += counts[c * classes + c]!;
  return right / all;
}
