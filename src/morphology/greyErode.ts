import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import type { PixelData } from '../core/types.js';
import type { FootprintOptions } from './footprint.js';
import { greySteps } from './greyOperation.js';

/**
 * Returns the grey erosion of an image: the smallest sample under the footprint around each pixel. Beyond the border counts as nothing. Equal to scikit-image's `erosion`.
 *
 * @param image - one channel; the result has its sample type.
 * @throws RangeError for several channels, samples that are not finite, or a footprint without a pixel.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 5, 5, 5, 2]), [1, 5]);
 * greyErode(image).data; // [1, 1, 5, 2, 2]
 * ```
 */
export function greyErode<T extends PixelData>(image: NdArray<T>, options: FootprintOptions = {}): NdArray<T> {
  const { outputs, shape } = greySteps('greyErode', image, options, ['erode']);
  return createImage(outputs[0]!, shape);
}
