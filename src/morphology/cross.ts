import { createMask } from '../core/arrays.js';
import { requireInteger } from '../core/check.js';
import type { Mask } from '../core/types.js';

/**
 * Returns an upright cross, one pixel thick, as a footprint.
 *
 * @param radius - length of an arm in pixels, 0 to 1000.
 * @throws RangeError for another radius.
 *
 * @example
 * ```ts
 * cross(1).data; // [0, 1, 0, 1, 1, 1, 0, 1, 0]
 * ```
 */
export function cross(radius: number): Mask {
  requireInteger('radius', radius, { min: 0, max: 1000 });
  const side = 2 * radius + 1;
  const result = createMask(undefined, [side, side]);
  for (let i = 0; i < side; i++) {
    result.data[i * side + radius] = 1;
    result.data[radius * side + i] = 1;
  }
  return result;
}
