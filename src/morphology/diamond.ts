import { createMask } from '../core/arrays.js';
import { requireInteger } from '../core/check.js';
import type { Mask } from '../core/types.js';

/**
 * Returns a diamond as a footprint: the pixels at most `radius` steps along rows and columns from the middle.
 *
 * @param radius - in pixels, 0 to 1000.
 * @throws RangeError for another radius.
 *
 * @example
 * ```ts
 * diamond(1).data; // [0, 1, 0, 1, 1, 1, 0, 1, 0]
 * ```
 */
export function diamond(radius: number): Mask {
  requireInteger('radius', radius, { min: 0, max: 1000 });
  const side = 2 * radius + 1;
  const result = createMask(undefined, [side, side]);
  for (let row = 0; row < side; row++) {
    const half = radius - Math.abs(row - radius);
    result.data.fill(1, row * side + radius - half, row * side + radius + half + 1);
  }
  return result;
}
