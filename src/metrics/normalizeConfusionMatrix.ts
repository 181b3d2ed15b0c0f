import { requireOneOf } from '../core/check.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { requireConfusionMatrix } from './requireConfusionMatrix.js';

/**
 * Returns the counts of a confusion matrix as shares, row-major: of every true class (`'true'`, rows sum to 1), of every
 * predicted class (`'predicted'`, columns sum to 1), or of all pixels. A row or column without a pixel is 0, as
 * scikit-learn has it.
 *
 * @example
 * ```ts
 * normalizeConfusionMatrix({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }, 'true'); // [0.75, 0.25, 0.25, 0.75]
 * ```
 */
export function normalizeConfusionMatrix(matrix: ConfusionMatrix, over: 'true' | 'predicted' | 'all'): Float64Array {
  requireConfusionMatrix(matrix);
  requireOneOf('over', over, ['true', 'predicted', 'all']);
  const { classes, counts } = matrix;
  const groupOf = (i: number): number => (over === 'all' ? 0 : over === 'true' ? Math.floor(i / classes) : i % classes);
  const totals = new Float64Array(classes);
  for (let i = 0; i < counts.length; i++) totals[groupOf(i)]! += counts[i]!;
  return counts.map((count, i) => (totals[groupOf(i)] === 0 ? 0 : count / totals[groupOf(i)]!));
}
