import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, requireNumber } from '../core/check.js';
import { exp } from '../core/math.js';
import type { Image } from '../core/types.js';
import { type BorderMode, beyond, paddedPlaces, requireBorderMode } from './borders.js';
import { greyImage } from './greyImage.js';
import { extremes } from './histogram.js';

/** Options of {@link bilateral}. */
export interface BilateralOptions {
  /** Standard deviation over values, in sample values: by default that of the image. */
  readonly sigmaColor?: number;
  /** Standard deviation over distances, in pixels. @defaultValue 1 */
  readonly sigmaSpatial?: number;
  /** Side of the window, odd. By default 2 ceil(3 sigmaSpatial) + 1, at least 5. */
  readonly windowSize?: number;
  /** What lies beyond the border. @defaultValue 'nearest' */
  readonly mode?: BorderMode;
}

const STEPS = 8192;

/**
 * Returns a grey image smoothed where values are alike, edges kept: a mean weighted by Gaussians of distance and of
 * difference in value (Tomasi and Manduchi 1998). The weights of
 * values are tabulated in 8192 steps over their range.
 *
 * @throws RangeError for several channels, samples that are not finite, or an even window.
 *
 * @example
 * ```ts
 * const step = createImage(new Float32Array([0, 0, 1, 1]), [1, 4]);
 * bilateral(step, { sigmaColor: 0.01 }).data; // [0, 0, 1, 1]
 * ```
 */
export function bilateral(image: Image, options: BilateralOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('bilateral', options, ['sigmaColor', 'sigmaSpatial', 'windowSize', 'mode']);
  const { sigmaSpatial = 1, mode = 'nearest' } = options;
  const { data, height, width } = greyImage('image', image);
  requireNumber('sigmaSpatial', sigmaSpatial, { above: 0 });
  const { windowSize = Math.max(5, 2 * Math.ceil(3 * sigmaSpatial) + 1) } = options;
  requireInteger('windowSize', windowSize, { min: 1, max: 501 });
  if (windowSize % 2 === 0) throw new RangeError(`windowSize must be odd, got ${windowSize}.`);
  requireBorderMode(mode);
  if (options.sigmaColor !== undefined) requireNumber('sigmaColor', options.sigmaColor, { above: 0 });
  let [low, high] = extremes(data);
  if (mode === 'constant') [low, high] = [Math.min(low, 0), Math.max(high, 0)];
  if (low === high) return createImage(Float32Array.from(data), [height, width]);
  const sigmaColor = options.sigmaColor ?? deviation(data);

  const radius = windowSize >> 1;
  const paddedWidth = width + 2 * radius;
  const padded = new Float64Array(paddedWidth * (height + 2 * radius));
  const places = paddedPlaces(width, radius, radius, mode);
  for (let row = -radius, at = 0; row < height + radius; row++) {
    const from = beyond(row, height, mode);
    for (let i = 0; i < paddedWidth; i++, at++) {
      padded[at] = from < 0 || places[i]! < 0 ? 0 : data[from * width + places[i]!]!;
    }
  }
  const scale = STEPS / (high - low);
  const likeness = Float64Array.from({ length: STEPS + 1 }, (_, i) => exp(-0.5 * (i / scale / sigmaColor) ** 2));
  const nearness = Float64Array.from({ length: windowSize * windowSize }, (_, i) => {
    const row = Math.floor(i / windowSize) - radius;
    const column = (i % windowSize) - radius;
    return exp((-0.5 * (row * row + column * column)) / (sigmaSpatial * sigmaSpatial));
  });
  const result = new Float32Array(data.length);
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++, to++) {
      const middle = data[to]!;
      let sum = 0;
      let weights = 0;
      for (let y = 0, k = 0; y < windowSize; y++) {
        let from = (row + y) * paddedWidth + column;
        for (let x = 0; x < windowSize; x++, k++, from++) {
          const value = padded[from]!;
          const weight = nearness[k]! * likeness[Math.round(Math.abs(value - middle) * scale)]!;
          sum += weight * value;
          weights += weight;
        }
      }
      result[to] = sum / weights;
    }
  }
  return createImage(result, [height, width]);
}

function deviation(data: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]!;
  const mean = sum / data.length;
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += (data[i]! - mean) ** 2;
  return Math.sqrt(squares / data.length);
}
