import { exp } from '../core/math.js';
import type { PixelData } from '../core/types.js';
import { type BorderMode, beyond, paddedPlaces } from './borders.js';

/** One half of a Gaussian, from its middle to `truncate` standard deviations; all of it sums to 1. */
export function gaussianKernel(sigma: number, truncate: number): Float64Array {
  const radius = Math.floor(truncate * sigma + 0.5);
  const weights = new Float64Array(radius + 1);
  let sum = 0;
  for (let i = 0; i <= radius; i++) {
    weights[i] = i === 0 ? 1 : exp((-0.5 * i * i) / (sigma * sigma));
    sum += i === 0 ? 1 : 2 * weights[i]!;
  }
  return weights.map((weight) => weight / sum);
}

/** Filters down the columns with a symmetric kernel, given from its middle: rows of `line` samples are added to each other. Sums are doubles, results floats. */
export function downColumns(
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

/** Filters along the rows with a symmetric kernel, in place: each is copied with what lies beyond its ends. */
export function alongRows(
  data: Float32Array,
  width: number,
  channels: number,
  weights: Float64Array,
  mode: BorderMode,
): void {
  const radius = weights.length - 1;
  const padded = new Float64Array(width + 2 * radius);
  const places = paddedPlaces(width, radius, radius, mode);
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
