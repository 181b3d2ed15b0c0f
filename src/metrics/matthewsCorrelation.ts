import type { ConfusionMatrix } from './confusionMatrix.js';
import { requireConfusionMatrix } from './requireConfusionMatrix.js';

/**
 * Returns Matthews' correlation coefficient (MCC) of two or more classes (Gorodkin 2004), -1..1: 1 is a perfect match, 0
 * no relation. Equal to scikit-learn's `matthews_corrcoef`, 0 where one of the masks holds a single class included. `NaN`
 * where there is no pixel.
 *
 * @example
 * ```ts
 * matthewsCorrelation({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.523810
 * ```
 */
export function matthewsCorrelation(matrix: ConfusionMatrix): number {
  requireConfusionMatrix(matrix);
  const { classes, counts } = matrix;
  let [right, all, crossed, squaredActual, squaredPredicted] = [0, 0, 0, 0, 0];
  for (let c = 0; c < classes; c++) {
    let [actual, predicted] = [0, 0];
    for (let other = 0; other < classes; other++) {
      actual += counts[c * classes + other]!;
      predicted += counts[other * classes + c]!;
    }
    right += counts[c * classes + c]!;
    all += actual;
    crossed += actual * predicted;
    squaredActual += actual * actual;
    squaredPredicted += predicted * predicted;
  }
  if (all === 0) return Number.NaN;
  const spread = Math.sqrt(all * all - squaredActual) * Math.sqrt(all * all - squaredPredicted);
  return spread === 0 ? 0 : (right * all - crossed) / spread;
}
