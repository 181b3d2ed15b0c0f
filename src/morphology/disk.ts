import { createMask } from '../core/arrays.js';
import { requireNumber } from '../core/check.js';
import type { Mask } from '../core/types.js';

/**
 * Returns a disc as a footprint for {@link erode} and the like: the pixels whose centres lie within `radius` of the
 * middle, as scikit-image's `disk`.
 *
 * @param radius - in pixels, 0 to 1000; the footprint has 2 floor(radius) + 1 rows and columns.
 * @throws RangeError for another radius.
 *
 * @example
 * ```ts
 * disk(1).data; // [0, 1, 0, 1, 1, 1, 0, 1, 0]
 * ```
 */
export function disk(radius: number): Mask {
  requireNumber('radius', radius, { min: 0, max: 1000 });
  const reach = Math.floor(radius);
  const side = 2 * reach + 1;
  const result = createMask(undefined, [side, side]);
  for (let row = -reach, at = 0; row <= reach; row++) {
    for (let column = -reach; column <= reach; column++, at++) {
      if (row * row + column * column <= radius * radius) result.data[at] = 1;
    }
  }
  return result;
}
