import { createMask } from '../core/arrays.js';
import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Image, Mask, PixelData } from '../core/types.js';
import { type Connectivity, requireConnectivity } from './components.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { extremes } from './histogram.js';
import { reconstructInPlace } from './reconstruct.js';

/** Options of {@link hMaxima} and {@link hMinima}. */
export interface HExtremaOptions {
  /** How far a maximum must rise above the way to a higher one, in sample values; above 0. */
  readonly h: number;
  /** Which pixels are neighbours: 4 or 8. @defaultValue 8 */
  readonly connectivity?: Connectivity;
}

/**
 * Marks (1) the tops that rise by at least `h`: from them, every way to a higher pixel goes down by `h` or more, and some
 * pixel lies lower by `h`. Equal to scikit-image's `h_maxima`. Noise makes many local maxima; those of one particle merge
 * at a small `h`.
 *
 * @throws RangeError for several channels, samples that are not finite, or `h` not above 0.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 5, 4, 6, 1, 3]), [1, 6]);
 * hMaxima(image, { h: 2 }).data; // [0, 0, 0, 1, 0, 1]
 * ```
 */
export function hMaxima(image: Image, options: HExtremaOptions): Mask {
  requireKnownOptions('hMaxima', options, ['h', 'connectivity']);
  const { h, connectivity = 8 } = options;
  const { data, height, width } = greyImage('image', image);
  requireNumber('h', h, { above: 0 });
  requireConnectivity(connectivity);
  requireFiniteSamples('image', data);
  if (isFlat(data, h)) return createMask(undefined, [height, width]);
  return createMask(highTops(data, height, width, h, connectivity), [height, width]);
}

/** Whether no two samples differ by `h`. */
export function isFlat(data: PixelData, h: number): boolean {
  const [low, high] = extremes(data);
  return high - low < h;
}

/** Tops of height `h` or more: where the image, lowered by `h`, is not lifted again by its surroundings. */
export function highTops(
  data: PixelData,
  height: number,
  width: number,
  h: number,
  connectivity: Connectivity,
): Uint8Array {
  // Lowering may round: the same rounded value serves as seed and in the comparison, so that no tolerance is needed.
  const low = new Float32Array(data.length);
  for (let i = 0; i < low.length; i++) low[i] = data[i]! - h;
  const grown = low.slice();
  reconstructInPlace(grown, data, height, width, connectivity);
  const result = new Uint8Array(data.length);
  const floor = data instanceof Float32Array ? Number.NEGATIVE_INFINITY : h;
  for (let i = 0; i < low.length; i++) result[i] = grown[i] === low[i] && data[i]! >= floor ? 1 : 0;
  return result;
}
