import type { NdArray } from 'ndarray';
import type { PixelData } from '../core/types.js';
import type { FootprintOptions } from './footprint.js';
import { greyChain } from './greyOperation.js';
import type { OutOption } from './out.js';

/**
 * Returns the grey erosion of an image: the smallest sample under the footprint around each pixel. Beyond the border counts as nothing. Equal to scikit-image's `erosion`.
 *
 * @param image - one channel; the result has its sample type.
 * @throws RangeError for several channels, samples that are not finite, a footprint without a pixel, or an `out`
 * that does not fit.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 5, 5, 5, 2]), [1, 5]);
 * greyErode(image).data; // [1, 1, 5, 2, 2]
 * ```
 */
export function greyErode<T extends PixelData>(
  image: NdArray<T>,
  options: FootprintOptions & OutOption<NdArray<T>> = {},
): NdArray<T> {
  return greyChain('greyErode', image, options, ['erode']);
}
