import { requireKnownOptions } from '../core/check.js';
import { forEachProbability, type ScoreOptions } from './binaryScores.js';
import type { ClassIds, Scores } from './classIds.js';

/**
 * Returns Brier's score, the mean squared difference of probability and outcome, in 0..1: 0 is best. `NaN` where there is
 * no pixel.
 *
 * @throws RangeError where sizes differ, a target is neither 0 nor 1, or a probability not in 0..1, with its place.
 *
 * @example
 * ```ts
 * brierScore(new Uint8Array([0, 1]), new Float32Array([0.5, 1])); // 0.125
 * ```
 */
export function brierScore(target: ClassIds, probabilities: Scores, options: ScoreOptions = {}): number {
  requireKnownOptions('brierScore', options, ['ignoreIndex']);
  let [sum, count] = [0, 0];
  forEachProbability(target, probabilities, options, (probability, positive) => {
    sum += (probability - (positive ? 1 : 0)) ** 2;
    count++;
  });
  return sum / count;
}
