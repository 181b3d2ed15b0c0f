import type { NdArray } from 'ndarray';
import type { Image } from '../core/types.js';
import { type GradientOptions, gradient } from './gradients.js';

/**
 * Returns the gradient of a grey image by Sobel's operator, in sample values a pixel times 2: differences of the neighbours,
 * smoothed across by 1/4, 1/2, 1/4. Equal to scikit-image's `sobel`, `sobel_h` (`'row'`) and `sobel_v` (`'column'`) within float32.
 *
 * @throws RangeError for several channels, or samples that are not finite.
 *
 * @example
 * ```ts
 * const ramp = createImage(new Uint8Array([0, 10, 20, 0, 10, 20, 0, 10, 20]), [3, 3]);
 * sobel(ramp, { direction: 'column' }).get(1, 1); // 20
 * ```
 */
export function sobel(image: Image, options: GradientOptions = {}): NdArray<Float32Array> {
  return gradient('sobel', image, options, 1 / 4, 1 / 2);
}
