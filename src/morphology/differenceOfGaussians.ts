import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Image } from '../core/types.js';
import type { BorderMode } from './borders.js';
import { gaussian } from './gaussian.js';

/** Options of {@link differenceOfGaussians}. */
export interface DifferenceOfGaussiansOptions {
  /** Standard deviation of the narrower Gaussian in pixels. @defaultValue 1 */
  readonly lowSigma?: number;
  /** That of the wider one. By default 1.6 times `lowSigma`. */
  readonly highSigma?: number;
  /** What lies beyond the border. @defaultValue 'nearest' */
  readonly mode?: BorderMode;
  /** Where the kernels end, in standard deviations. @defaultValue 4 */
  readonly truncate?: number;
}

/**
 * Returns the difference of an image smoothed by a narrow and by a wide Gaussian, channel by channel: a band-pass filter.
 * Equal to scikit-image's `difference_of_gaussians` within float32, in the sample values of the input.
 *
 * @throws RangeError for samples that are not finite, or where `highSigma` is below `lowSigma`.
 *
 * @example
 * ```ts
 * const flat = createImage(new Uint8Array(9).fill(50), [3, 3]);
 * Math.abs(differenceOfGaussians(flat).get(1, 1)) < 1e-4; // true
 * ```
 */
export function differenceOfGaussians(image: Image, options: DifferenceOfGaussiansOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('differenceOfGaussians', options, ['lowSigma', 'highSigma', 'mode', 'truncate']);
  const { lowSigma = 1, mode = 'nearest', truncate = 4 } = options;
  requireNumber('lowSigma', lowSigma, { min: 0 });
  const { highSigma = 1.6 * lowSigma } = options;
  requireNumber('highSigma', highSigma, { min: lowSigma });
  const narrow = gaussian(image, { sigma: lowSigma, mode, truncate });
  const wide = gaussian(image, { sigma: highSigma, mode, truncate });
  return createImage(
    narrow.data.map((value, i) => value - wide.data[i]!),
    narrow.shape,
  );
}
