import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import type { Image } from '../core/types.js';
import { imagePair } from './imagePair.js';
import type { DataRangeOptions } from './peakSignalToNoiseRatio.js';

/** Options of {@link structuralSimilarity}. */
export interface StructuralSimilarityOptions extends DataRangeOptions {
  /**
   * `'uniform'`: squares with sample variances, scikit-image's default; `'gaussian'`: Gaussian weights of sigma 1.5 over
   * 11 x 11 pixels with the variances of the paper. @defaultValue 'uniform'
   */
  readonly window?: 'uniform' | 'gaussian';
  /** Edge of the square, odd, 3 or more; not with `'gaussian'`. @defaultValue 7 */
  readonly windowSize?: number;
}

/**
 * Returns the structural similarity of two images (SSIM, Wang et al. 2004), at most 1 for equal ones: the mean over all
 * windows that lie inside, and over the channels. Equal to scikit-image's `structural_similarity`.
 *
 * @throws RangeError or TypeError as {@link meanSquaredError}, or where an image is smaller than the window.
 *
 * @example
 * ```ts
 * const image = createImage(Float32Array.from({ length: 49 }, (_, i) => (i % 3) / 2), [7, 7]);
 * structuralSimilarity(image, image, { dataRange: 1 }); // 1
 * ```
 */
export function structuralSimilarity(reference: Image, image: Image, options: StructuralSimilarityOptions): number {
  requireKnownOptions('structuralSimilarity', options, ['dataRange', 'window', 'windowSize']);
  const { dataRange, window = 'uniform', windowSize } = options;
  requireNumber('dataRange', dataRange, { above: 0 });
  requireOneOf('window', window, ['uniform', 'gaussian']);
  if (windowSize !== undefined) {
    if (window === 'gaussian') throw new RangeError(`windowSize must not be given with window 'gaussian'.`);
    requireInteger('windowSize', windowSize, { min: 3 });
    if (windowSize % 2 === 0) throw new RangeError(`windowSize must be odd, got ${windowSize}.`);
  }
  const { a, b, height, width, channels } = imagePair(reference, image);
  const taps = window === 'gaussian' ? gaussianTaps() : uniformTaps(windowSize ?? 7);
  const size = taps.length;
  if (height < size || width < size) {
    throw new RangeError(`image must be at least ${size} x ${size} pixels, got ${height} x ${width}.`);
  }
  const correction = window === 'gaussian' ? 1 : (size * size) / (size * size - 1);
  const [c1, c2] = [(0.01 * dataRange) ** 2, (0.03 * dataRange) ** 2];
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) {
    const smooth = (value: (i: number) => number): Float64Array =>
      smoothInside((pixel) => value(pixel * channels + channel), height, width, taps);
    const meanA = smooth((i) => a[i]!);
    const meanB = smooth((i) => b[i]!);
    const squareA = smooth((i) => a[i]! * a[i]!);
    const squareB = smooth((i) => b[i]! * b[i]!);
    const product = smooth((i) => a[i]! * b[i]!);
    for (let i = 0; i < meanA.length; i++) {
      const [x, y] = [meanA[i]!, meanB[i]!];
      const varianceA = correction * (squareA[i]! - x * x);
      const varianceB = correction * (squareB[i]! - y * y);
      const covariance = correction * (product[i]! - x * y);
      sum += ((2 * x * y + c1) * (2 * covariance + c2)) / ((x * x + y * y + c1) * (varianceA + varianceB + c2));
    }
  }
  return sum / (channels * (height - size + 1) * (width - size + 1));
}

function uniformTaps(size: number): Float64Array {
  return new Float64Array(size).fill(1 / size);
}

/** Sigma 1.5, cut off after 3.5 of it. */
function gaussianTaps(): Float64Array {
  const taps = Float64Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 * 1.5)));
  const total = taps.reduce((a, b) => a + b);
  return taps.map((tap) => tap / total);
}

/** Weighted means over all windows that lie inside the image: along rows, then along columns. */
function smoothInside(
  value: (pixel: number) => number,
  height: number,
  width: number,
  taps: Float64Array,
): Float64Array {
  const size = taps.length;
  const columns = width - size + 1;
  const rows = height - size + 1;
  const across = new Float64Array(height * columns);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < columns; x++, to++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += taps[k]! * value(y * width + x + k);
      across[to] = sum;
    }
  }
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < result.length; i++) {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += taps[k]! * across[i + k * columns]!;
    result[i] = sum;
  }
  return result;
}
