import { requireMask } from '../core/check.js';
import type { Mask } from '../core/types.js';
import { peel } from './thinning.js';

/**
 * Returns the skeleton of a mask: lines one pixel wide through the middle of its foreground (any class above 0), in one
 * piece where that was, after Zhang and Suen (1984). Equal to scikit-image's `skeletonize`.
 *
 * @example
 * ```ts
 * const bar = createMask([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [3, 5]);
 * skeletonize(bar).data; // [0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
 * ```
 */
export function skeletonize(mask: Mask): Mask {
  requireMask('mask', mask);
  return peel(mask, Uint8Array.from(TAKEN, Number), Number.POSITIVE_INFINITY);
}

/**
 * Which neighbourhoods are taken: 1 in the first pass, 2 in the second, 3 in either, by the number of the neighbourhood.
 * scikit-image's table, which cuts corners that the conditions of the paper leave.
 */
const TAKEN =
  '0001031100002233000030000000203200000000000000002000202030003032030100000000000030000000200000002101000000000000' +
  '2000000030002020010301030000000300000000000000020000000000000000000000000000000001030001000000011000000000000000' +
  '33030001000000003101000031002000';
