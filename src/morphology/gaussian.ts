import type { NdArray } from 'ndarray';
import { createImage, pixels } from '../core/arrays.js';
import { requireImage, requireKnownOptions, requireNumber, rowAndColumn } from '../core/check.js';
import type { Image, PerAxis } from '../core/types.js';
import { type BorderMode, requireBorderMode } from './borders.js';
import { gaussianFloats } from './gaussianFloats.js';
import { requireFiniteSamples, sameType } from './greyImage.js';
import { type OutOption, outputData } from './out.js';
import { gaussianKernel } from './separable.js';

/** Options of {@link gaussian}. */
export interface GaussianOptions extends OutOption<NdArray<Float32Array>> {
  /** Standard deviation in pixels; 0 does not smooth. @defaultValue 1 */
  readonly sigma?: PerAxis;
  /** What lies beyond the border. @defaultValue 'nearest' */
  readonly mode?: BorderMode;
  /** Where the kernel ends, in standard deviations. @defaultValue 4 */
  readonly truncate?: number;
}

/**
 * Returns an image smoothed by a Gaussian, as floats in the sample values of the input (0..255 stays 0..255); channels
 * are smoothed one by one. Equal to scikit-image's `gaussian(preserve_range=True)` within float32, the same bytes on every
 * platform.
 *
 * @throws RangeError for samples that are not finite, where sigma is negative or `truncate` is not above 0, or
 * for an `out` that does not fit.
 *
 * @example
 * ```ts
 * const edge = createImage(new Float32Array([0, 0, 1, 1]), [1, 4]);
 * gaussian(edge, { sigma: 0.5 }).data; // [0.000263865, 0.10671464, 0.8932854, 0.9997361]
 * ```
 */
export function gaussian(image: Image, options: GaussianOptions = {}): NdArray<Float32Array> {
  requireImage('image', image);
  requireKnownOptions('gaussian', options, ['sigma', 'mode', 'truncate', 'out']);
  const { sigma = 1, mode = 'nearest', truncate = 4, out } = options;
  requireBorderMode(mode);
  requireNumber('truncate', truncate, { above: 0 });
  const [rowSigma, columnSigma] = rowAndColumn('sigma', sigma, { min: 0 });

  const { data, height, width, channels } = pixels(image);
  requireFiniteSamples('image', data);
  const down = gaussianKernel(rowSigma, truncate);
  const along = gaussianKernel(columnSigma, truncate);
  const result = outputData(out, Float32Array, image.shape, image.data);
  if (channels === 1) {
    gaussianFloats(data, height, width, down, along, mode, result);
    return out ?? createImage(result, [...image.shape]);
  }
  const plane = sameType(data, height * width);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < plane.length; i++) plane[i] = data[i * channels + channel]!;
    const smooth = gaussianFloats(plane, height, width, down, along, mode);
    for (let i = 0; i < plane.length; i++) result[i * channels + channel] = smooth[i]!;
  }
  return out ?? createImage(result, [...image.shape]);
}
