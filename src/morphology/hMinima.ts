import { createMask } from '../core/arrays.js';
import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Image, Mask } from '../core/types.js';
import { requireConnectivity } from './components.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { type HExtremaOptions, highTops, isFlat } from './hMaxima.js';
import { inverted } from './reconstruct.js';

/**
 * Marks (1) the hollows that are at least `h` deep: from them, every way to a lower pixel rises by `h` or more, and some
 * pixel lies higher by `h`. Equal to scikit-image's `h_minima`.
 *
 * @throws RangeError for several channels, samples that are not finite, or `h` not above 0.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([9, 5, 6, 4, 9, 7]), [1, 6]);
 * hMinima(image, { h: 2 }).data; // [0, 0, 0, 1, 0, 1]
 * ```
 */
export function hMinima(image: Image, options: HExtremaOptions): Mask {
  requireKnownOptions('hMinima', options, ['h', 'connectivity']);
  const { h, connectivity = 8 } = options;
  const { data, height, width } = greyImage('image', image);
  requireNumber('h', h, { above: 0 });
  requireConnectivity(connectivity);
  requireFiniteSamples('image', data);
  if (isFlat(data, h)) return createMask(undefined, [height, width]);
  return createMask(highTops(inverted(data), height, width, h, connectivity), [height, width]);
}
