import type { NdArray } from 'ndarray';
import type { Image } from '../core/types.js';
import { type GradientOptions, gradient } from './gradients.js';

/**
 * Returns the gradient of a grey image by Scharr's operator, in sample values a pixel times 2: differences of the neighbours,
 * smoothed across by 3/16, 10/16, 3/16. Equal to scikit-image's `scharr`, `scharr_h` (`'row'`) and `scharr_v` (`'column'`) within float32.
 *
 * @throws RangeError for several channels, or samples that are not finite.
 *
 * @example
 * ```ts
 * const ramp = createImage(new Uint8Array([0, 10, 20, 0, 10, 20, 0, 10, 20]), [3, 3]);
 * scharr(ramp, { direction: 'column' }).get(1, 1); // 20
 * ```
 */
export function scharr(image: Image, options: GradientOptions = {}): NdArray<Float32Array> {
  return gradient('scharr', image, options, 3 / 16, 10 / 16);
}
