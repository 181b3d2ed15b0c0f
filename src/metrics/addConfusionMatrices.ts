import type { ConfusionMatrix } from './confusionMatrix.js';
import { requireConfusionMatrix } from './requireConfusionMatrix.js';

/**
 * Returns the sum of confusion matrices: that of all their pixels together. Metrics read from it are pooled over
 * images, which differs from the mean of each image's metric.
 *
 * @throws RangeError where the numbers of classes differ, or no matrix is given.
 *
 * @example
 * ```ts
 * const one = confusionMatrix(createMask([0, 1], [1, 2]), createMask([0, 0], [1, 2]), { classes: 2 });
 * addConfusionMatrices(one, one).counts; // [2, 0, 2, 0]
 * ```
 */
export function addConfusionMatrices(...matrices: readonly ConfusionMatrix[]): ConfusionMatrix {
  const [first, ...others] = matrices;
  if (first === undefined) throw new RangeError('addConfusionMatrices must be given at least one matrix, got none.');
  requireConfusionMatrix(first);
  const { classes } = first;
  const counts = first.counts.slice();
  for (const other of others) {
    requireConfusionMatrix(other);
    if (other.classes !== classes) {
      throw new RangeError(`matrices must have the same number of classes, got ${classes} and ${other.classes}.`);
    }
    for (let i = 0; i < counts.length; i++) counts[i]! += other.counts[i]!;
  }
  return { classes, counts };
}
