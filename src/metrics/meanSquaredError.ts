import type { Image } from '../core/types.js';
import { imagePair } from './imagePair.js';

/**
 * Returns the mean squared difference of the samples of two images, in squared sample values, 0 or more.
 *
 * @throws RangeError or TypeError for images of different size, or samples that are not finite.
 *
 * @example
 * ```ts
 * const one = createImage(new Float32Array([0, 0.5]), [1, 2]);
 * const other = createImage(new Float32Array([0.5, 0.5]), [1, 2]);
 * meanSquaredError(one, other); // 0.125
 * ```
 */
export function meanSquaredError(reference: Image, image: Image): number {
  const { a, b } = imagePair(reference, image);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
}
