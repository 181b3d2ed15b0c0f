import type { NdArray } from 'ndarray';
import { contiguous, createImage } from '../core/arrays.js';
import { requireKnownOptions } from '../core/check.js';
import type { Image, Mask, PixelData } from '../core/types.js';
import { type BorderMode, requireBorderMode } from './borders.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { kernels } from './kernels.js';
import { medianOfBytes } from './medianOfBytes.js';
import { type OutOption, outputData } from './out.js';
import { rankFilter } from './rankFilter.js';
import { square } from './square.js';

/** Options of {@link median}. */
export interface MedianOptions<T extends PixelData = PixelData> extends OutOption<NdArray<T>> {
  /** The neighbourhood. @defaultValue `square(3)` */
  readonly footprint?: Mask;
  /** What lies beyond the border. @defaultValue 'nearest' */
  readonly mode?: BorderMode;
}

/**
 * Returns a grey image whose every pixel is the median of its neighbourhood, of the same sample type; of an even number
 * of pixels the upper one of the two in the middle. Equal to scikit-image's `median`.
 *
 * @throws RangeError for several channels, samples that are not finite, a footprint without a pixel, or an `out`
 * that does not fit.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 9, 2, 3, 4]), [1, 5]);
 * median(image).data; // [1, 2, 3, 3, 4]
 * ```
 */
export function median<T extends PixelData>(image: NdArray<T>, options: MedianOptions<T> = {}): NdArray<T> {
  requireKnownOptions('median', options, ['footprint', 'mode', 'out']);
  const { footprint = square(3), mode = 'nearest', out } = options;
  const { data, height, width } = greyImage('image', image as Image);
  requireBorderMode(mode);
  requireFiniteSamples('image', data);
  const fast = data instanceof Uint8Array && isFull5(footprint) ? kernels() : undefined;
  const type = data.constructor as { new (length: number): T };
  const result = outputData<PixelData>(out, type, [height, width], image.data, footprint.data) as T;
  if (fast !== undefined) medianOfBytes(fast, data as Uint8Array, height, width, mode, result as Uint8Array);
  else rankFilter(data as T, height, width, footprint, mode, 0.5, result);
  return out ?? createImage(result, [height, width]);
}

function isFull5(footprint: Mask): boolean {
  return footprint.shape[0] === 5 && footprint.shape[1] === 5 && contiguous(footprint).data.every((value) => value > 0);
}
