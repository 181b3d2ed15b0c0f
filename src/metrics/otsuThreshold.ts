import { createImage } from '../core/arrays.js';
import { requireKnownOptions } from '../core/check.js';
import { type OtsuOptions, otsu } from '../morphology/otsu.js';
import { flat, placeOf, type Scores } from './classIds.js';

/**
 * Returns a threshold for probabilities without a target: Otsu's (1979), between the two heaps of their histogram. The
 * foreground is `probability > threshold`.
 *
 * @param probabilities - in 0..1, of any shape.
 * @throws RangeError where a probability is not in 0..1, with its place.
 *
 * @example
 * ```ts
 * const threshold = otsuThreshold(new Float32Array([0.05, 0.1, 0.9, 0.95]));
 * threshold > 0.1 && threshold < 0.9; // true
 * ```
 */
export function otsuThreshold(probabilities: Scores, options: OtsuOptions = {}): number {
  requireKnownOptions('otsuThreshold', options, ['bins']);
  const { data, shape } = flat('probabilities', probabilities, 'probabilities');
  const wrong = data.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) {
    throw new RangeError(`probabilities must lie in 0..1, got ${data[wrong]} at ${placeOf(wrong, shape)}.`);
  }
  return otsu(createImage(Float32Array.from(data), [1, data.length]), options);
}
