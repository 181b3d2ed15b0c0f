import type { Pixels } from '../core/arrays.js';
import type { PixelData } from '../core/types.js';
import { borderIndex } from './gather.js';
import type { BorderMode } from './types.js';
import { quantize } from './values.js';

/** x' = a x + b y + c, y' = d x + e y + f, on pixel centres. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Returns the map that undoes another one. */
export function inverse([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  return [
    e / determinant,
    -b / determinant,
    (b * f - e * c) / determinant,
    -d / determinant,
    a / determinant,
    (d * c - a * f) / determinant,
  ];
}

/** Shows at each pixel the nearest pixel of the source; `back` leads from the result to the source. */
export function warpNearest<T extends PixelData | Int32Array>(
  data: T,
  size: { readonly height: number; readonly width: number; readonly channels: number },
  back: Affine,
  mode: BorderMode,
  fill: number,
): T {
  const { height, width, channels } = size;
  const result = new (data.constructor as { new (size: number): T })(data.length);
  const [a, b, c, d, e, f] = back;
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      const column = borderIndex(Math.floor(a * x + b * y + c + 0.5), width, mode);
      const row = borderIndex(Math.floor(d * x + e * y + f + 0.5), height, mode);
      const from = (row * width + column) * channels;
      for (let k = 0; k < channels; k++) result[to + k] = row < 0 || column < 0 ? fill : data[from + k]!;
    }
  }
  return result;
}

/** Interpolates linearly between the four pixels around each place of the source. */
export function warpLinear(image: Pixels, back: Affine, mode: BorderMode, fill: number): PixelData {
  const { data, height, width, channels } = image;
  const values = new Float32Array(data.length);
  const [a, b, c, d, e, f] = back;
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      const sourceX = a * x + b * y + c;
      const sourceY = d * x + e * y + f;
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const u = sourceX - left;
      const v = sourceY - top;
      if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height) {
        const from = (top * width + left) * channels;
        const below = from + width * channels;
        for (let k = 0; k < channels; k++) {
          const upper = data[from + k]! + u * (data[from + channels + k]! - data[from + k]!);
          const lower = data[below + k]! + u * (data[below + channels + k]! - data[below + k]!);
          values[to + k] = upper + v * (lower - upper);
        }
        continue;
      }
      const left2 = borderIndex(left, width, mode);
      const right = borderIndex(left + 1, width, mode);
      const top2 = borderIndex(top, height, mode);
      const bottom = borderIndex(top + 1, height, mode);
      for (let k = 0; k < channels; k++) {
        const at = (row: number, column: number) =>
          row < 0 || column < 0 ? fill : data[(row * width + column) * channels + k]!;
        const upper = at(top2, left2) * (1 - u) + at(top2, right) * u;
        const lower = at(bottom, left2) * (1 - u) + at(bottom, right) * u;
        values[to + k] = upper * (1 - v) + lower * v;
      }
    }
  }
  return quantize(values, data);
}
