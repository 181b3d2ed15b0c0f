import type { Mask } from '../core/types.js';
import { binarySteps } from './binarySteps.js';
import type { FootprintOptions } from './footprint.js';
import type { OutOption } from './out.js';

/**
 * Returns the binary closing of a mask: its dilation, eroded. Gaps that the footprint does not fit into are filled.
 * Borders as in {@link erode} and {@link dilate}: a gap between foreground and the border closes too.
 *
 * @throws RangeError for a footprint without a pixel, or an `out` that does not fit.
 *
 * @example
 * ```ts
 * const mask = createMask([0, 0, 1, 0, 1, 0, 0], [1, 7]);
 * close(mask).data; // [0, 0, 1, 1, 1, 0, 0]
 * ```
 */
export function close(mask: Mask, options: FootprintOptions & OutOption<Mask> = {}): Mask {
  return binarySteps('close', mask, options, ['dilate', 'erode']);
}
