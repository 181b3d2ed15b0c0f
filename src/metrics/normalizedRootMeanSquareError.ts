import type { Image } from '../core/types.js';
import { imagePair } from './imagePair.js';
import { meanSquaredError } from './meanSquaredError.js';

/**
 * Returns the root of the mean squared difference over that of the reference's samples, 0 or more. Equal to
 * scikit-image's `normalized_root_mse`. `NaN` or infinite for a reference of zeros.
 *
 * @throws RangeError or TypeError as {@link meanSquaredError}.
 *
 * @example
 * ```ts
 * const one = createImage(new Float32Array([1, 1]), [1, 2]);
 * const other = createImage(new Float32Array([0.5, 1.5]), [1, 2]);
 * normalizedRootMeanSquareError(one, other); // 0.5
 * ```
 */
export function normalizedRootMeanSquareError(reference: Image, image: Image): number {
  const { a } = imagePair(reference, image);
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += a[i]! ** 2;
  return Math.sqrt(meanSquaredError(reference, image) / (squares / a.length));
}
