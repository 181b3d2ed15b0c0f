import { contiguous, createMask } from '../core/arrays.js';
import type { Mask } from '../core/types.js';
import { type FootprintOptions, footprintRuns, touched } from './footprint.js';

/**
 * Returns the binary erosion of a mask: 1 where the footprint around a pixel lies wholly on foreground (any class above
 * 0), else 0. Beyond the border counts as foreground, as in scikit-image.
 *
 * @throws RangeError for a footprint without a pixel.
 *
 * @example
 * ```ts
 * const mask = createMask([0, 1, 1, 1, 0], [1, 5]);
 * erode(mask).data; // [0, 0, 1, 0, 0]
 * ```
 */
export function erode(mask: Mask, options: FootprintOptions = {}): Mask {
  const runs = footprintRuns('erode', mask, options);
  const [height, width] = mask.shape as [number, number];
  const lost = touched(contiguous(mask).data, height, width, runs, 'background');
  return createMask(
    lost.map((value) => 1 - value),
    [height, width],
  );
}
