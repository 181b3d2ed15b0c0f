import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import type { Image } from '../core/types.js';
import { type BorderMode, requireBorderMode } from './borders.js';
import { boxMeans } from './boxMeans.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { rankFilter } from './rankFilter.js';
import { alongRows, downColumns, gaussianKernel } from './separable.js';
import { square } from './square.js';

/** Options of {@link localThreshold}. */
export interface LocalThresholdOptions {
  /** Side of the square window in pixels, odd. @defaultValue 35 */
  readonly blockSize?: number;
  /** Which mean of the window: weighted by a Gaussian of standard deviation (blockSize - 1) / 6, plain, or the median. @defaultValue 'gaussian' */
  readonly method?: 'gaussian' | 'mean' | 'median';
  /** Taken off the mean, in sample values. @defaultValue 0 */
  readonly offset?: number;
  /** What lies beyond the border. @defaultValue 'reflect' */
  readonly mode?: BorderMode;
}

/** Checks the side of a window. */
export function requireWindow(name: string, side: number): void {
  requireInteger(name, side, { min: 1, max: 2001 });
  if (side % 2 === 0) throw new RangeError(`${name} must be odd, got ${side}.`);
}

/**
 * Returns a threshold a pixel: the mean of the window around it less an offset. The foreground is `image > threshold`.
 * Equal to scikit-image's `threshold_local` within float32.
 *
 * @param image - one channel.
 * @returns thresholds, `[height, width]`, in sample values.
 * @throws RangeError for an even window, several channels, or samples that are not finite.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([0, 30, 60]), [1, 3]);
 * localThreshold(image, { blockSize: 3, method: 'mean' }).data; // [10, 30, 50]
 * ```
 */
export function localThreshold(image: Image, options: LocalThresholdOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('localThreshold', options, ['blockSize', 'method', 'offset', 'mode']);
  const { blockSize = 35, method = 'gaussian', offset = 0, mode = 'reflect' } = options;
  const { data, height, width } = greyImage('image', image);
  requireWindow('blockSize', blockSize);
  requireOneOf('method', method, ['gaussian', 'mean', 'median']);
  requireNumber('offset', offset);
  requireBorderMode(mode);
  requireFiniteSamples('image', data);
  const thresholds = createImage(new Float32Array(data.length), [height, width]);
  if (method === 'gaussian') {
    const kernel = gaussianKernel((blockSize - 1) / 6, 4);
    thresholds.data.set(downColumns(data, height, width, kernel, mode));
    alongRows(thresholds.data, width, 1, kernel, mode);
  } else if (method === 'mean') {
    thresholds.data.set(boxMeans(data, height, width, blockSize, mode, false).means);
  } else {
    thresholds.data.set(rankFilter(data, height, width, square(blockSize), mode, 0.5));
  }
  if (offset !== 0) for (let i = 0; i < data.length; i++) thresholds.data[i]! -= offset;
  return thresholds;
}
