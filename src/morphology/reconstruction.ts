import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireKnownOptions, requireOneOf, requireSameSize, show } from '../core/check.js';
import type { Image, PixelData } from '../core/types.js';
import { type Connectivity, requireConnectivity } from './components.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { type OutOption, outputData } from './out.js';
import { invert, inverted, reconstructInPlace } from './reconstruct.js';

/** Options of {@link reconstruction}. */
export interface ReconstructionOptions<T extends PixelData = PixelData> extends OutOption<NdArray<T>> {
  /** `'dilation'` grows the seed up to the mask, `'erosion'` shrinks it down to the mask. @defaultValue 'dilation' */
  readonly method?: 'dilation' | 'erosion';
  /** Which pixels are neighbours: 4 or 8. @defaultValue 8 */
  readonly connectivity?: Connectivity;
}

/**
 * Returns the grey reconstruction of a mask image from a seed image: the seed, dilated again and again but never above
 * the mask (or eroded, but never below it). Equal to scikit-image's `reconstruction`.
 *
 * @param seed - one channel, nowhere above the mask (for `'erosion'`: nowhere below).
 * @param mask - a grey image of the same size and sample type.
 * @throws RangeError where the seed lies on the wrong side of the mask, sizes or sample types differ, or `out` does not
 * fit.
 *
 * @example
 * ```ts
 * const mask = createImage(new Uint8Array([5, 9, 5, 0, 8]), [1, 5]);
 * const seed = createImage(new Uint8Array([0, 6, 0, 0, 0]), [1, 5]);
 * reconstruction(seed, mask).data; // [5, 6, 5, 0, 0]
 * ```
 */
export function reconstruction<T extends PixelData>(
  seed: NdArray<T>,
  mask: NdArray<T>,
  options: ReconstructionOptions<T> = {},
): NdArray<T> {
  requireKnownOptions('reconstruction', options, ['method', 'connectivity', 'out']);
  const { method = 'dilation', connectivity = 8, out } = options;
  const { data: from } = greyImage('seed', seed as Image);
  const { data: limit, height, width } = greyImage('mask', mask as Image);
  requireOneOf('method', method, ['dilation', 'erosion']);
  requireConnectivity(connectivity);
  requireSameSize('seed', seed, 'mask', mask);
  requireFiniteSamples('seed', from);
  requireFiniteSamples('mask', limit);
  if (from.constructor !== limit.constructor) {
    throw new TypeError(`seed must hold the sample type of mask, got ${show(from)}.`);
  }
  const grows = method === 'dilation';
  for (let i = 0; i < from.length; i++) {
    if (grows ? from[i]! > limit[i]! : from[i]! < limit[i]!) {
      const side = grows ? 'above' : 'below';
      const position = `[${Math.floor(i / width)}, ${i % width}]`;
      throw new RangeError(
        `seed must nowhere be ${side} mask, got ${from[i]} and ${limit[i]} at [row, column] ${position}.`,
      );
    }
  }
  const type = from.constructor as { new (length: number): T };
  const result = outputData<PixelData>(out, type, [height, width], seed.data, mask.data) as T;
  result.set(from);
  if (!grows) invert(result);
  reconstructInPlace(result, grows ? limit : inverted(limit), height, width, connectivity);
  if (!grows) invert(result);
  return out ?? createImage(result, [height, width]);
}
