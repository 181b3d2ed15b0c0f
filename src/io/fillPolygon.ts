import { createMask } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, show } from '../core/check.js';
import type { Mask, Point } from '../core/types.js';
import { paintPolygon } from './rasterPolygon.js';

/** Options of {@link fillPolygon}. */
export interface FillPolygonOptions {
  /** Rows of the mask. */
  height: number;
  /** Columns of the mask. */
  width: number;
  /** Class index of the polygon. @defaultValue 1 */
  value?: number;
}

/**
 * Returns a mask with one filled polygon, pixel for pixel as OpenCV's `fillPoly` and `drawContours` with thickness -1
 * paint it (8-connected, no anti-aliasing): the outline belongs to it, and where it crosses itself the even-odd rule
 * holds. Coordinates are cut toward zero as Python's `int()` does; they may lie outside and are clipped. One point gives
 * a pixel, two a line.
 *
 * @throws TypeError or RangeError where a coordinate is not a finite number below 2^31 or there is no point.
 *
 * @example
 * ```ts
 * const mask = fillPolygon([[1, 1], [3, 1], [1, 3]], { height: 4, width: 4 });
 * mask.data; // [0,0,0,0, 0,1,1,1, 0,1,1,0, 0,1,0,0]
 * ```
 */
export function fillPolygon(points: readonly Point[], options: FillPolygonOptions): Mask {
  requireKnownOptions('fillPolygon', options, ['height', 'width', 'value']);
  const { height, width, value = 1 } = options;
  requireInteger('height', height, { min: 1 });
  requireInteger('width', width, { min: 1 });
  requireInteger('value', value, { min: 0, max: 255 });
  if (!Array.isArray(points)) throw new TypeError(`points must be an array of [x, y], got ${show(points)}.`);
  if (points.length === 0) throw new RangeError('points must hold at least one point, got none.');
  const corners = points.map((point, i) => {
    const [x, y] = point;
    if (!(Math.abs(x) < 2 ** 31 && Math.abs(y) < 2 ** 31)) {
      throw new RangeError(`points[${i}] must be two finite numbers below 2^31, got ${show(point)}.`);
    }
    return { x: Math.trunc(x), y: Math.trunc(y) };
  });
  const mask = createMask(undefined, [height, width]);
  paintPolygon({ data: mask.data, height, width }, corners, value);
  return mask;
}
