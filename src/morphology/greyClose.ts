import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import type { PixelData } from '../core/types.js';
import type { FootprintOptions } from './footprint.js';
import { greySteps } from './greyOperation.js';

/**
 * Returns the grey closing of an image, dilation then erosion: dark details smaller than the footprint go. Beyond the border counts as nothing. Equal to scikit-image's `closing`.
 *
 * @param image - one channel; the result has its sample type.
 * @throws RangeError for several channels, samples that are not finite, or a footprint without a pixel.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 5, 5, 5, 2]), [1, 5]);
 * greyClose(image).data; // [5, 5, 5, 5, 5]
 * ```
 */
export function greyClose<T extends PixelData>(image: NdArray<T>, options: FootprintOptions = {}): NdArray<T> {
  const { outputs, shape } = greySteps('greyClose', image, options, ['dilate', 'erode']);
  return createImage(outputs[0]!, shape);
}
