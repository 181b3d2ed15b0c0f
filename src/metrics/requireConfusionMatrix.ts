import { requireInteger, show } from '../core/check.js';
import type { ConfusionMatrix } from './confusionMatrix.js';

/** Throws unless `matrix` is a confusion matrix. */
export function requireConfusionMatrix(matrix: ConfusionMatrix): void {
  if (matrix === null || typeof matrix !== 'object' || !('counts' in matrix)) {
    throw new TypeError(`matrix must be a confusion matrix, see confusionMatrix, got ${show(matrix)}.`);
  }
  const { classes, counts } = matrix;
  requireInteger('classes', classes, { min: 1 });
  if (!(counts instanceof Float64Array) || counts.length !== classes * classes) {
    throw new RangeError(`counts must be a Float64Array of ${classes * classes} elements, got ${show(counts)}.`);
  }
}
