import type { NdArray } from 'ndarray';
import type { PixelData } from '../core/types.js';
import type { FootprintOptions } from './footprint.js';
import { difference, greySteps } from './greyOperation.js';

/**
 * Returns the dilation of an image less its erosion: large at edges, 0 where it is flat. Beyond the border counts as nothing. Equal to scikit-image's rank filter `gradient`.
 *
 * @param image - one channel; the result has its sample type.
 * @throws RangeError for several channels, samples that are not finite, or a footprint without a pixel.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 5, 5, 5, 2]), [1, 5]);
 * morphologicalGradient(image).data; // [4, 4, 0, 3, 3]
 * ```
 */
export function morphologicalGradient<T extends PixelData>(
  image: NdArray<T>,
  options: FootprintOptions = {},
): NdArray<T> {
  const { outputs, shape } = greySteps('morphologicalGradient', image, options, ['dilate'], ['erode']);
  return difference(outputs[0]!, outputs[1]!, shape);
}
