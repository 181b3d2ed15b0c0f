import type { Pixels } from '../core/arrays.js';
import type { PixelData } from '../core/types.js';
import { borderIndex } from './gather.js';
import type { PaddingMode } from './types.js';
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

/** Stand-ins for the places that a warp asks for along one axis, from `first` on; -1 for fill. */
interface Axis {
  readonly first: number;
  readonly places: Int32Array;
}

/** Looks up the border once for every place between those of the corners: `along`, `down` and `start` lead there. */
function axisOf(along: number, down: number, start: number, image: Size, size: number, mode: PaddingMode): Axis {
  const spanX = along * (image.width - 1);
  const spanY = down * (image.height - 1);
  // One place more on either side, for rounding and for the second pixel of a pair.
  const first = Math.floor(start + Math.min(0, spanX) + Math.min(0, spanY)) - 1;
  const last = Math.floor(start + Math.max(0, spanX) + Math.max(0, spanY)) + 2;
  const places = Int32Array.from({ length: last - first + 1 }, (_, i) => borderIndex(first + i, size, mode));
  return { first, places };
}

interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Shows at each pixel the nearest pixel of the source; `back` leads from the result to the source. */
export function warpNearest<T extends PixelData | Int32Array>(
  data: T,
  size: Size,
  back: Affine,
  mode: PaddingMode,
  fill: number,
): T {
  const { height, width, channels } = size;
  const result = new (data.constructor as { new (size: number): T })(data.length);
  const [a, b, c, d, e, f] = back;
  const across = axisOf(a, b, c + 0.5, size, width, mode);
  const upright = axisOf(d, e, f + 0.5, size, height, mode);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const startX = b * y + c + 0.5;
    const startY = e * y + f + 0.5;
    for (let x = 0; x < width; x++, to += channels) {
      const column = across.places[Math.floor(a * x + startX) - across.first]!;
      const row = upright.places[Math.floor(d * x + startY) - upright.first]!;
      if (row < 0 || column < 0) {
        for (let k = 0; k < channels; k++) result[to + k] = fill;
        continue;
      }
      const from = (row * width + column) * channels;
      for (let k = 0; k < channels; k++) result[to + k] = data[from + k]!;
    }
  }
  return result;
}

/** Interpolates linearly between the four pixels around each place of the source. */
export function warpLinear(image: Pixels, back: Affine, mode: PaddingMode, fill: number): PixelData {
  const { data, height, width, channels } = image;
  const values = new Float32Array(data.length);
  const [a, b, c, d, e, f] = back;
  const across = axisOf(a, b, c, image, width, mode);
  const upright = axisOf(d, e, f, image, height, mode);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const startX = b * y + c;
    const startY = e * y + f;
    for (let x = 0; x < width; x++, to += channels) {
      const sourceX = a * x + startX;
      const sourceY = d * x + startY;
      const floorX = Math.floor(sourceX);
      const floorY = Math.floor(sourceY);
      const u = sourceX - floorX;
      const v = sourceY - floorY;
      const left = across.places[floorX - across.first]!;
      const right = across.places[floorX - across.first + 1]!;
      const top = upright.places[floorY - upright.first]!;
      const bottom = upright.places[floorY - upright.first + 1]!;
      const topLeft = top < 0 || left < 0 ? -1 : (top * width + left) * channels;
      const topRight = top < 0 || right < 0 ? -1 : (top * width + right) * channels;
      const bottomLeft = bottom < 0 || left < 0 ? -1 : (bottom * width + left) * channels;
      const bottomRight = bottom < 0 || right < 0 ? -1 : (bottom * width + right) * channels;
      for (let k = 0; k < channels; k++) {
        const p = topLeft < 0 ? fill : data[topLeft + k]!;
        const q = topRight < 0 ? fill : data[topRight + k]!;
        const r = bottomLeft < 0 ? fill : data[bottomLeft + k]!;
        const s = bottomRight < 0 ? fill : data[bottomRight + k]!;
        const upper = p + u * (q - p);
        values[to + k] = upper + v * (r + u * (s - r) - upper);
      }
    }
  }
  return quantize(values, data);
}
