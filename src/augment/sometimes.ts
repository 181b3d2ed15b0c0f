import { requireProbability } from '../core/check.js';
import { requireSample } from './samples.js';
import type { Transform } from './types.js';

/**
 * Returns a transform that applies `transform` to the given share of samples and leaves the others as they are.
 *
 * @param p - probability, 0 to 1.
 * @throws RangeError where `p` is no probability.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 2]), [1, 2]);
 * const never = sometimes(0, horizontalFlip({ p: 1 }));
 * never({ image }, new Random(1)).image.data; // Uint8Array [1, 2]
 * ```
 */
export function sometimes(p: number, transform: Transform): Transform {
  requireProbability('p', p);
  return (sample, random) => {
    requireSample(sample);
    return random.uniform() < p ? transform(sample, random) : sample;
  };
}
