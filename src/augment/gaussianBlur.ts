import type { Pixels } from '../core/arrays.js';
import { requireInteger, requireKnownOptions } from '../core/check.js';
import { exp } from '../core/math.js';
import type { PixelData } from '../core/types.js';
import { borderIndex } from './gather.js';
import { drawFrom, readRange } from './limits.js';
import { changeValues } from './samples.js';
import { sometimes } from './sometimes.js';
import type { Transform } from './types.js';
import { quantize } from './values.js';

/** Options of {@link gaussianBlur}. */
export interface GaussianBlurOptions {
  /** Range of the width of the kernel in pixels, odd numbers; 0 to fit each `sigma`. @defaultValue [3, 7] */
  readonly blurLimit?: 0 | readonly [low: number, high: number];
  /** Range of the standard deviation in pixels; 0 to fit each width as OpenCV does. @defaultValue 0 */
  readonly sigmaLimit?: 0 | readonly [low: number, high: number];
  /** Share of the samples that are changed. @defaultValue 0.5 */
  readonly p?: number;
}

/** Weights from the centre outwards; OpenCV's own for small kernels without a sigma. */
function kernelOf(size: number, sigma: number): readonly number[] {
  if (sigma === 0 && size === 1) return [1];
  if (sigma === 0 && size === 3) return [0.5, 0.25];
  if (sigma === 0 && size === 5) return [0.375, 0.25, 0.0625];
  if (sigma === 0 && size === 7) return [0.28125, 0.21875, 0.109375, 0.03125];
  const width = sigma > 0 ? sigma : 0.3 * ((size - 1) / 2 - 1) + 0.8;
  const weights = Array.from({ length: (size + 1) / 2 }, (_, i) => exp((-i * i) / (2 * width * width)));
  const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

function blurImage({ data, height, width, channels }: Pixels, weights: readonly number[]): PixelData {
  const radius = weights.length - 1;
  const rowSize = width * channels;
  const across = new Float64Array(data.length);
  const line = new Float64Array((width + 2 * radius) * channels);
  for (let row = 0; row < height; row++) {
    for (let i = -radius; i < width + radius; i++) {
      const from = row * rowSize + borderIndex(i, width, 'reflect101') * channels;
      for (let c = 0; c < channels; c++) line[(i + radius) * channels + c] = data[from + c]!;
    }
    for (let j = 0; j < rowSize; j++) {
      const centre = j + radius * channels;
      let sum = weights[0]! * line[centre]!;
      for (let k = 1; k <= radius; k++)
        sum += weights[k]! * (line[centre - k * channels]! + line[centre + k * channels]!);
      across[row * rowSize + j] = sum;
    }
  }
  const values = new Float32Array(data.length);
  const sums = new Float64Array(rowSize);
  for (let row = 0; row < height; row++) {
    for (let j = 0; j < rowSize; j++) sums[j] = weights[0]! * across[row * rowSize + j]!;
    for (let k = 1; k <= radius; k++) {
      const above = borderIndex(row - k, height, 'reflect101') * rowSize;
      const below = borderIndex(row + k, height, 'reflect101') * rowSize;
      for (let j = 0; j < rowSize; j++) sums[j]! += weights[k]! * (across[above + j]! + across[below + j]!);
    }
    values.set(sums, row * rowSize);
  }
  return quantize(values, data);
}

/**
 * Returns a transform that blurs the images of a share `p` of the samples by a Gaussian whose width is drawn anew for
 * each (Albumentations 1.3 `GaussianBlur`, OpenCV `GaussianBlur` with a border of `'reflect101'`).
 *
 * @throws RangeError or TypeError for options out of range, and where both limits are 0.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([0, 0, 64, 0, 0]), [1, 5]);
 * gaussianBlur({ p: 1, blurLimit: [3, 3] })({ image }, new Random(1)).image.data; // Uint8Array [0, 16, 32, 16, 0]
 * ```
 */
export function gaussianBlur(options: GaussianBlurOptions = {}): Transform {
  requireKnownOptions('gaussianBlur', options, ['blurLimit', 'sigmaLimit', 'p']);
  const { blurLimit = [3, 7], sigmaLimit = 0, p = 0.5 } = options;
  const sizes = blurLimit === 0 ? undefined : readRange('blurLimit', blurLimit, 1);
  const sigmas = sigmaLimit === 0 ? undefined : readRange('sigmaLimit', sigmaLimit, 0);
  sizes?.forEach((size, i) => {
    requireInteger(`blurLimit[${i}]`, size);
    if (size % 2 === 0) throw new RangeError(`blurLimit[${i}] must be odd, got ${size}.`);
  });
  if (!sizes && !sigmas) throw new RangeError('blurLimit and sigmaLimit cannot both be 0.');
  return sometimes(p, (sample, random) => {
    const sigma = sigmas ? drawFrom(random, sigmas) : 0;
    const size = sizes ? sizes[0] + 2 * random.integer(0, (sizes[1] - sizes[0]) / 2 + 1) : 2 * Math.ceil(4 * sigma) + 1;
    return changeValues(sample, (image) => blurImage(image, kernelOf(size, sigma)));
  });
}
