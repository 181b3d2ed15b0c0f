import { requireKnownOptions } from '../core/check.js';
import { type ScoreOptions, scoredPixels } from './binaryScores.js';
import type { ClassIds, Scores } from './classIds.js';
import { walkScores } from './walkScores.js';

/**
 * Returns the average precision of scores: the sum of precision times the step of recall over all thresholds, in 0..1.
 * Equal to scikit-learn's `average_precision_score`; not the area by trapezoids, which flatters. `NaN` where the target
 * has no positive.
 *
 * @throws RangeError as {@link precisionRecallCurve}.
 *
 * @example
 * ```ts
 * averagePrecision(new Uint8Array([0, 0, 1, 1]), new Float32Array([0.1, 0.4, 0.35, 0.8])); // 0.833333
 * ```
 */
export function averagePrecision(target: ClassIds, scores: Scores, options: ScoreOptions = {}): number {
  requireKnownOptions('averagePrecision', options, ['ignoreIndex']);
  let sum = 0;
  let before = 0;
  const { positives } = walkScores(scoredPixels(target, scores, options.ignoreIndex), (_, hits, misses) => {
    sum += (hits - before) * (hits / (hits + misses));
    before = hits;
  });
  return sum / positives;
}
