import type { ConfusionMatrix } from './confusionMatrix.js';
import { requireConfusionMatrix } from './requireConfusionMatrix.js';

/**
 * Returns the adjusted Rand index (Hubert and Arabie 1985): the share of pairs of pixels on which both masks agree that
 * they belong together or not, beyond chance; at most 1, for masks that are equal up to the names of classes. Equal to
 * scikit-learn's `adjusted_rand_score`.
 *
 * @example
 * ```ts
 * adjustedRandIndex({ classes: 2, counts: new Float64Array([0, 5, 5, 0]) }); // 1
 * ```
 */
export function adjustedRandIndex(matrix: ConfusionMatrix): number {
  requireConfusionMatrix(matrix);
  const { classes, counts } = matrix;
  const actual = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let [all, squares] = [0, 0];
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    actual[Math.floor(i / classes)]! += count;
    predicted[i % classes]! += count;
    all += count;
    squares += count * count;
  }
  const squared = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
  // Ordered pairs that both, one or none of the masks put together.
  const both = squares - all;
  const onlyActual = squared(actual) - squares;
  const onlyPredicted = squared(predicted) - squares;
  const none = all * all - onlyActual - onlyPredicted - squares;
  if (onlyActual === 0 && onlyPredicted === 0) return 1;
  return (
    (2 * (both * none - onlyActual * onlyPredicted)) /
    ((both + onlyActual) * (onlyActual + none) + (both + onlyPredicted) * (onlyPredicted + none))
  );
}
