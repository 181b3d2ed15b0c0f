import { requireKnownOptions, requireOneOf } from '../core/check.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { requireConfusionMatrix } from './requireConfusionMatrix.js';

/** Options of {@link cohenKappa}. */
export interface CohenKappaOptions {
  /** How much a confusion counts by the distance of its class ids: all alike, in proportion, or squared. @defaultValue 'none' */
  readonly weights?: 'none' | 'linear' | 'quadratic';
}

/**
 * Returns Cohen's kappa, the agreement beyond what chance would give, -1..1: 1 is a perfect match, 0 that of chance. Equal
 * to scikit-learn's `cohen_kappa_score`. `NaN` where both masks hold one and the same class, or there is no pixel.
 *
 * @example
 * ```ts
 * cohenKappa({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }); // 0.523810
 * ```
 */
export function cohenKappa(matrix: ConfusionMatrix, options: CohenKappaOptions = {}): number {
  requireConfusionMatrix(matrix);
  requireKnownOptions('cohenKappa', options, ['weights']);
  const { weights = 'none' } = options;
  requireOneOf('weights', weights, ['none', 'linear', 'quadratic']);
  const { classes, counts } = matrix;
  const actual = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let all = 0;
  for (let t = 0, i = 0; t < classes; t++) {
    for (let p = 0; p < classes; p++, i++) {
      actual[t]! += counts[i]!;
      predicted[p]! += counts[i]!;
      all += counts[i]!;
    }
  }
  let observed = 0;
  let expected = 0;
  for (let t = 0; t < classes; t++) {
    for (let p = 0; p < classes; p++) {
      const distance = Math.abs(t - p);
      const weight = weights === 'none' ? Math.sign(distance) : weights === 'linear' ? distance : distance * distance;
      observed += weight * counts[t * classes + p]!;
      expected += (weight * actual[t]! * predicted[p]!) / all;
    }
  }
  return 1 - observed / expected;
}
