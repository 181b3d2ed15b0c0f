import { contiguous, createMask } from '../core/arrays.js';
import type { Mask } from '../core/types.js';
import { type FootprintOptions, footprintRuns, mirrored, touched } from './footprint.js';

/**
 * Returns the binary opening of a mask: its erosion, dilated. What the footprint does not fit into is removed: specks,
 * thin bridges, spikes. Borders as in {@link erode} and {@link dilate}.
 *
 * @throws RangeError for a footprint without a pixel.
 *
 * @example
 * ```ts
 * const mask = createMask([0, 1, 0, 1, 1, 1, 0], [1, 7]);
 * open(mask).data; // [0, 0, 0, 1, 1, 1, 0]
 * ```
 */
export function open(mask: Mask, options: FootprintOptions = {}): Mask {
  const runs = footprintRuns('open', mask, options);
  const [height, width] = mask.shape as [number, number];
  const eroded = touched(contiguous(mask).data, height, width, runs, 'background').map((value) => 1 - value);
  return createMask(touched(eroded, height, width, mirrored(runs), 'foreground'), [height, width]);
}
