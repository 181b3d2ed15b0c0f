import { requireKnownOptions, requireOneOf } from '../core/check.js';
import { type ClassCounts, classCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';

/** Options of {@link generalizedDice}. */
export interface GeneralizedDiceOptions {
  /** Weight of a class by its size in the target, T: 1 / T^2 or 1 / T. @defaultValue 'square' */
  readonly sizeWeights?: 'square' | 'simple';
}

/**
 * Returns the generalised Dice score (Crum et al. 2006), in 0..1: 2 sum w tp / sum w (2 tp + fp + fn), each class weighted
 * by its size in the target. A class that the target lacks takes the largest weight of the others, as MONAI has it. `NaN`
 * where there is nothing in either.
 *
 * @example
 * ```ts
 * generalizedDice({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.72381
 * ```
 */
export function generalizedDice(matrix: ConfusionMatrix | ClassCounts, options: GeneralizedDiceOptions = {}): number {
  requireKnownOptions('generalizedDice', options, ['sizeWeights']);
  const { sizeWeights = 'square' } = options;
  requireOneOf('sizeWeights', sizeWeights, ['square', 'simple']);
  const { truePositives, falsePositives, falseNegatives } = classCounts(matrix);
  const weights = truePositives.map((hits, c) => {
    const size = hits + falseNegatives[c]!;
    return sizeWeights === 'square' ? 1 / (size * size) : 1 / size;
  });
  const largest = weights.reduce(
    (most, weight) => (weight < Number.POSITIVE_INFINITY ? Math.max(most, weight) : most),
    0,
  );
  let [top, bottom] = [0, 0];
  weights.forEach((weight, c) => {
    const own = weight === Number.POSITIVE_INFINITY ? largest || 1 : weight;
    top += own * 2 * truePositives[c]!;
    bottom += own * (2 * truePositives[c]! + falsePositives[c]! + falseNegatives[c]!);
  });
  return top / bottom;
}
