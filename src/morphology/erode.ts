import type { Mask } from '../core/types.js';
import { binarySteps } from './binarySteps.js';
import type { FootprintOptions } from './footprint.js';
import type { OutOption } from './out.js';

/**
 * Returns the binary erosion of a mask: 1 where the footprint around a pixel lies wholly on foreground (any class above
 * 0), else 0. Beyond the border counts as foreground, as in scikit-image.
 *
 * @throws RangeError for a footprint without a pixel, or an `out` that does not fit.
 *
 * @example
 * ```ts
 * const mask = createMask([0, 1, 1, 1, 0], [1, 5]);
 * erode(mask).data; // [0, 0, 1, 0, 0]
 * ```
 */
export function erode(mask: Mask, options: FootprintOptions & OutOption<Mask> = {}): Mask {
  return binarySteps('erode', mask, options, ['erode']);
}
