import type { Mask } from '../core/types.js';
import { binarySteps } from './binarySteps.js';
import type { FootprintOptions } from './footprint.js';
import type { OutOption } from './out.js';

/**
 * Returns the binary opening of a mask: its erosion, dilated. What the footprint does not fit into is removed: specks,
 * thin bridges, spikes. Borders as in {@link erode} and {@link dilate}.
 *
 * @throws RangeError for a footprint without a pixel, or an `out` that does not fit.
 *
 * @example
 * ```ts
 * const mask = createMask([0, 1, 0, 1, 1, 1, 0], [1, 7]);
 * open(mask).data; // [0, 0, 0, 1, 1, 1, 0]
 * ```
 */
export function open(mask: Mask, options: FootprintOptions & OutOption<Mask> = {}): Mask {
  return binarySteps('open', mask, options, ['erode', 'dilate']);
}
