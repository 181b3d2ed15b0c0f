import { createMask } from '../core/arrays.js';
import { requireInteger } from '../core/check.js';
import type { Mask } from '../core/types.js';

/**
 * Returns a full square as a footprint for {@link erode} and its like.
 *
 * @param side - rows and columns, 1 to 2001.
 * @throws RangeError for another side.
 *
 * @example
 * ```ts
 * square(3).shape; // [3, 3]
 * ```
 */
export function square(side: number): Mask {
  requireInteger('side', side, { min: 1, max: 2001 });
  return createMask(new Uint8Array(side * side).fill(1), [side, side]);
}
