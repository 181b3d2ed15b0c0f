import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireKnownOptions, requireNumber, rowAndColumn } from '../core/check.js';
import type { Image, PerAxis } from '../core/types.js';
import { type BorderMode, requireBorderMode } from './borders.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { alongRows, downColumns, gaussianKernel } from './separable.js';

/** Options of {@link laplacianOfGaussian}. */
export interface LaplacianOfGaussianOptions {
  /** Standard deviation in pixels, above 0. Bright discs of radius sigma sqrt(2) answer most. @defaultValue 1 */
  readonly sigma?: PerAxis;
  /** What lies beyond the border. @defaultValue 'reflect' */
  readonly mode?: BorderMode;
  /** Where the kernels end, in standard deviations. @defaultValue 4 */
  readonly truncate?: number;
}

/**
 * Returns the sum of the second derivatives of a grey image smoothed by a Gaussian: negative at the middle of bright
 * blobs, positive at that of dark ones. Equal to SciPy's `gaussian_laplace` within float32.
 *
 * @throws RangeError for several channels, samples that are not finite, or sigma or `truncate` not above 0.
 *
 * @example
 * ```ts
 * const dot = createImage(new Float32Array([0, 0, 0, 0, 1, 0, 0, 0, 0]), [3, 3]);
 * laplacianOfGaussian(dot).get(1, 1) < 0; // true
 * ```
 */
export function laplacianOfGaussian(image: Image, options: LaplacianOfGaussianOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('laplacianOfGaussian', options, ['sigma', 'mode', 'truncate']);
  const { sigma = 1, mode = 'reflect', truncate = 4 } = options;
  requireBorderMode(mode);
  requireNumber('truncate', truncate, { above: 0 });
  const [rowSigma, columnSigma] = rowAndColumn('sigma', sigma, { above: 0 });
  const { data, height, width } = greyImage('image', image);
  requireFiniteSamples('image', data);
  const rows = gaussianKernel(rowSigma, truncate);
  const columns = gaussianKernel(columnSigma, truncate);
  const down = downColumns(data, height, width, curved(rows, rowSigma), mode);
  alongRows(down, width, 1, columns, mode);
  const along = downColumns(data, height, width, rows, mode);
  alongRows(along, width, 1, curved(columns, columnSigma), mode);
  for (let i = 0; i < down.length; i++) down[i]! += along[i]!;
  return createImage(down, [height, width]);
}

/** The second derivative of a sampled Gaussian. */
function curved(kernel: Float64Array, sigma: number): Float64Array {
  const square = sigma * sigma;
  return kernel.map((weight, x) => ((x * x) / square - 1) * (weight / square));
}
