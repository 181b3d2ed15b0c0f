import type { NdArray } from 'ndarray';
import { createImage, pixels } from '../core/arrays.js';
import { requireImage, requireKnownOptions, requireNumber, requireOneOf, rowAndColumn } from '../core/check.js';
import { exp } from '../core/math.js';
import type { Image, PerAxis, PixelData } from '../core/types.js';

/**
 * What lies beyond the border of an image `a b c d`: `'nearest'` d d d, `'reflect'` d c b, `'mirror'` c b a, `'wrap'`
 * a b c, `'constant'` 0 0 0. The names are SciPy's.
 */
export type BorderMode = 'nearest' | 'reflect' | 'mirror' | 'wrap' | 'constant';

/** Options of {@link gaussian}. */
export interface GaussianOptions {
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
 * @throws RangeError where sigma is negative or `truncate` is not above 0.
 *
 * @example
 * ```ts
 * const edge = createImage(new Float32Array([0, 0, 1, 1]), [1, 4]);
 * gaussian(edge, { sigma: 0.5 }).data; // [0.000263865, 0.106714636, 0.89328533, 0.99973613]
 * ```
 */
export function gaussian(image: Image, options: GaussianOptions = {}): NdArray<Float32Array> {
  requireImage('image', image);
  requireKnownOptions('gaussian', options, ['sigma', 'mode', 'truncate']);
  const { sigma = 1, mode = 'nearest', truncate = 4 } = options;
  requireOneOf('mode', mode, ['nearest', 'reflect', 'mirror', 'wrap', 'constant']);
  requireNumber('truncate', truncate, { above: 0 });
  const [rowSigma, columnSigma] = rowAndColumn('sigma', sigma, { min: 0 });

  const { data, height, width, channels } = pixels(image);
  const result = downColumns(data, height, width * channels, kernel(rowSigma, truncate), mode);
  alongRows(result, width, channels, kernel(columnSigma, truncate), mode);
  return createImage(result, [...image.shape]);
}

/** One half of the kernel, from its middle; all of it sums to 1. */
function kernel(sigma: number, truncate: number): Float64Array {
  const radius = Math.floor(truncate * sigma + 0.5);
  const weights = new Float64Array(radius + 1);
  let sum = 0;
  for (let i = 0; i <= radius; i++) {
    weights[i] = i === 0 ? 1 : exp((-0.5 * i * i) / (sigma * sigma));
    sum += i === 0 ? 1 : 2 * weights[i]!;
  }
  return weights.map((weight) => weight / sum);
}

/** Filters down the columns: rows of `line` samples are added to each other. Sums are doubles, results floats. */
function downColumns(
  data: PixelData,
  height: number,
  line: number,
  weights: Float64Array,
  mode: BorderMode,
): Float32Array {
  const result = new Float32Array(data.length);
  const sums = new Float64Array(line);
  for (let row = 0; row < height; row++) {
    const middle = row * line;
    for (let j = 0; j < line; j++) sums[j] = weights[0]! * data[middle + j]!;
    for (let k = 1; k < weights.length; k++) {
      const weight = weights[k]!;
      const above = beyond(row - k, height, mode) * line;
      const below = beyond(row + k, height, mode) * line;
      if (above >= 0 && below >= 0) {
        for (let j = 0; j < line; j++) sums[j]! += weight * (data[above + j]! + data[below + j]!);
      } else if (above >= 0 || below >= 0) {
        const only = Math.max(above, below);
        for (let j = 0; j < line; j++) sums[j]! += weight * data[only + j]!;
      }
    }
    for (let j = 0; j < line; j++) result[middle + j] = sums[j]!;
  }
  return result;
}

/** Filters along the rows, in place: each is copied with what lies beyond its ends. */
function alongRows(data: Float32Array, width: number, channels: number, weights: Float64Array, mode: BorderMode): void {
  const radius = weights.length - 1;
  const padded = new Float64Array(width + 2 * radius);
  const places = Int32Array.from({ length: padded.length }, (_, i) => beyond(i - radius, width, mode));
  for (let start = 0; start < data.length; start += width * channels) {
    for (let channel = start; channel < start + channels; channel++) {
      for (let i = 0; i < padded.length; i++) {
        padded[i] = places[i]! < 0 ? 0 : data[channel + places[i]! * channels]!;
      }
      for (let x = 0; x < width; x++) {
        const middle = x + radius;
        let sum = weights[0]! * padded[middle]!;
        for (let k = 1; k <= radius; k++) sum += weights[k]! * (padded[middle - k]! + padded[middle + k]!);
        data[channel + x * channels] = sum;
      }
    }
  }
}

/** The index that stands for one beyond the border, -1 where that is 0. */
function beyond(index: number, length: number, mode: BorderMode): number {
  if (index >= 0 && index < length) return index;
  switch (mode) {
    case 'constant':
      return -1;
    case 'nearest':
      return index < 0 ? 0 : length - 1;
    case 'wrap':
      return ((index % length) + length) % length;
    case 'reflect': {
      const place = ((index % (2 * length)) + 2 * length) % (2 * length);
      return place < length ? place : 2 * length - 1 - place;
    }
    case 'mirror': {
      if (length === 1) return 0;
      const period = 2 * length - 2;
      const place = ((index % period) + period) % period;
      return place < length ? place : period - place;
    }
  }
}
