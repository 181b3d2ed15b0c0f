import type { Image } from '../core/types.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';

/**
 * Returns the mean of a grey image as its threshold; the foreground is `value > threshold`. scikit-image's
 * `threshold_mean`.
 *
 * @throws RangeError for several channels or samples that are not finite.
 *
 * @example
 * ```ts
 * meanThreshold(createImage(new Uint8Array([10, 12, 200, 210]), [2, 2])); // 108
 * ```
 */
export function meanThreshold(image: Image): number {
  const { data } = greyImage('image', image);
  requireFiniteSamples('image', data);
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]!;
  return sum / data.length;
}
