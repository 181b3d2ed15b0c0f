import type { ConfusionMatrix } from './confusionMatrix.js';
import { entropies } from './mutualInformation.js';
import { requireConfusionMatrix } from './requireConfusionMatrix.js';

/**
 * Returns the mutual information of both masks over the mean of their entropies, in 0..1: 1 where they are equal up to
 * the names of classes. Equal to scikit-learn's `normalized_mutual_info_score`, which is 1 where both hold one class.
 *
 * @example
 * ```ts
 * normalizedMutualInformation({ classes: 2, counts: new Float64Array([0, 5, 5, 0]) }); // 1
 * ```
 */
export function normalizedMutualInformation(matrix: ConfusionMatrix): number {
  requireConfusionMatrix(matrix);
  const { actual, predicted, joint } = entropies(matrix);
  if (actual === 0 && predicted === 0) return 1;
  return Math.max(0, actual + predicted - joint) / ((actual + predicted) / 2);
}
