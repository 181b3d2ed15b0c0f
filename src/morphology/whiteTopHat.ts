import type { NdArray } from 'ndarray';
import type { PixelData } from '../core/types.js';
import type { FootprintOptions } from './footprint.js';
import { difference, greySteps } from './greyOperation.js';

/**
 * Returns what the opening of an image takes away: its bright details smaller than the footprint. Beyond the border counts as nothing. Equal to scikit-image's `white_tophat`.
 *
 * @param image - one channel; the result has its sample type.
 * @throws RangeError for several channels, samples that are not finite, or a footprint without a pixel.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 5, 5, 5, 2]), [1, 5]);
 * whiteTopHat(image).data; // [0, 0, 0, 0, 0]
 * ```
 */
export function whiteTopHat<T extends PixelData>(image: NdArray<T>, options: FootprintOptions = {}): NdArray<T> {
  const { input, outputs, shape } = greySteps('whiteTopHat', image, options, ['erode', 'dilate']);
  return difference(input, outputs[0]!, shape);
}
