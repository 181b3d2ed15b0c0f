import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/** Options of {@link fBeta}. */
export interface FBetaOptions {
  /** How many times recall counts as much as precision; above 0. @defaultValue 1 */
  readonly beta?: number;
}

/**
 * Returns the F-beta score of each class, (1 + b^2) tp / ((1 + b^2) tp + b^2 fn + fp), in 0..1: a weighted harmonic mean of
 * precision and recall. `NaN` for a class in neither mask.
 *
 * @example
 * ```ts
 * fBeta({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }, { beta: 2 }); // [0.769231, 0.714286]
 * ```
 */
export function fBeta(matrix: ConfusionMatrix | ClassCounts, options: FBetaOptions = {}): Float64Array {
  requireKnownOptions('fBeta', options, ['beta']);
  const { beta = 1 } = options;
  requireNumber('beta', beta, { above: 0 });
  const square = beta * beta;
  return perClass(matrix, ({ truePositives, falsePositives, falseNegatives }) => {
    const weighted = (1 + square) * truePositives;
    return weighted / (weighted + square * falseNegatives + falsePositives);
  });
}
