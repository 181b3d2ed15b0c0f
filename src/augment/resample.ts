import type { Pixels } from '../core/arrays.js';
import { sin } from '../core/math.js';
import type { PixelData } from '../core/types.js';
import type { Interpolation } from './types.js';
import { quantize } from './values.js';

/** For each place of the result, the same number of source places with their weights. */
interface Taps {
  readonly count: number;
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

/** Source place of each place of the result, without half-pixel centres (cv2 INTER_NEAREST) or with them. */
export function nearestMap(from: number, to: number, exact: boolean): Int32Array {
  const scale = 1 / (to / from);
  return Int32Array.from({ length: to }, (_, i) =>
    Math.min(from - 1, exact ? Math.floor(((2 * i + 1) * from) / (2 * to)) : Math.floor(i * scale)),
  );
}

function cubicWeights(t: number): number[] {
  // Keys' kernel with a = -0.75.
  const a = -0.75;
  const near = (x: number) => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number) => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(1 + t), near(t), near(1 - t), far(2 - t)];
}

function lanczosWeights(t: number): number[] {
  const weights = Array.from({ length: 8 }, (_, i) => {
    const x = Math.PI * (t + 3 - i);
    return Math.abs(x) < 1e-6 ? 1 : (4 * sin(x) * sin(x / 4)) / (x * x);
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function kernelTaps(from: number, to: number, kernel: Interpolation): Taps {
  const count = kernel === 'lanczos4' ? 8 : kernel === 'cubic' ? 4 : 2;
  const places = new Int32Array(to * count);
  const weights = new Float64Array(to * count);
  const scale = from / to;
  for (let i = 0; i < to; i++) {
    let base: number;
    let t: number;
    if (kernel === 'area') {
      // Enlarging: the share of the source pixel that begins within the pixel of the result (cv2 INTER_AREA).
      base = Math.floor(i * scale);
      const rest = i + 1 - (base + 1) / scale;
      t = rest <= 0 ? 0 : rest - Math.floor(rest);
    } else {
      const centre = (i + 0.5) * scale - 0.5;
      base = Math.floor(centre);
      t = centre - base;
    }
    const own = kernel === 'lanczos4' ? lanczosWeights(t) : kernel === 'cubic' ? cubicWeights(t) : [1 - t, t];
    for (let k = 0; k < count; k++) {
      places[i * count + k] = Math.min(from - 1, Math.max(0, base + k - (count / 2 - 1)));
      weights[i * count + k] = own[k]!;
    }
  }
  return { count, places, weights };
}

/** Weights of the source pixels by the length that a pixel of the result covers of each. */
function areaTaps(from: number, to: number): Taps {
  const scale = from / to;
  const count = Math.ceil(scale) + 1;
  const places = new Int32Array(to * count);
  const weights = new Float64Array(to * count);
  for (let i = 0; i < to; i++) {
    const start = i * scale;
    const end = Math.min(from, start + scale);
    const first = Math.floor(start);
    for (let k = 0; k < count; k++) {
      const place = first + k;
      const overlap = Math.min(end, place + 1) - Math.max(start, place);
      places[i * count + k] = Math.min(from - 1, place);
      weights[i * count + k] = Math.max(0, overlap) / (end - start);
    }
  }
  return { count, places, weights };
}

/** Resamples an image by a separable kernel; beyond the border its edge pixels go on. */
export function resample(image: Pixels, height: number, width: number, kernel: Interpolation): PixelData {
  const { data, channels } = image;
  // cv2 averages areas only where neither axis grows.
  const shrinks = kernel === 'area' && height <= image.height && width <= image.width;
  const taps = (from: number, to: number) => (shrinks ? areaTaps(from, to) : kernelTaps(from, to, kernel));
  const across = taps(image.width, width);
  const down = taps(image.height, height);
  const rowSize = width * channels;
  // Only source rows that are asked for are resampled, in rising order, each once.
  const lines = new Map<number, Float64Array>();
  const lineOf = (row: number): Float64Array => {
    let line = lines.get(row);
    if (!line) {
      line = resampleRow(data, row * image.width * channels, channels, across, width);
      lines.set(row, line);
    }
    return line;
  };
  const values = new Float32Array(height * rowSize);
  const sums = new Float64Array(rowSize);
  for (let i = 0; i < height; i++) {
    sums.fill(0);
    let lowest = image.height;
    for (let k = 0; k < down.count; k++) {
      const weight = down.weights[i * down.count + k]!;
      const row = down.places[i * down.count + k]!;
      lowest = Math.min(lowest, row);
      if (weight === 0) continue;
      const line = lineOf(row);
      for (let j = 0; j < rowSize; j++) sums[j]! += weight * line[j]!;
    }
    values.set(sums, i * rowSize);
    for (const row of lines.keys()) if (row < lowest) lines.delete(row);
  }
  return quantize(values, data);
}

function resampleRow(data: PixelData, start: number, channels: number, taps: Taps, width: number): Float64Array {
  const { count, places, weights } = taps;
  const line = new Float64Array(width * channels);
  for (let j = 0; j < width; j++) {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let k = j * count; k < (j + 1) * count; k++) sum += weights[k]! * data[start + places[k]! * channels + c]!;
      line[j * channels + c] = sum;
    }
  }
  return line;
}
