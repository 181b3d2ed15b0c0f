import type { Mask } from '../core/types.js';
import { binarySteps } from './binarySteps.js';
import type { FootprintOptions } from './footprint.js';
import type { OutOption } from './out.js';

/**
 * Returns the binary dilation of a mask: 1 wherever the footprint, set on each pixel of the foreground (any class above
 * 0), reaches, else 0. Beyond the border counts as background, as in scikit-image.
 *
 * @throws RangeError for a footprint without a pixel, or an `out` that does not fit.
 *
 * @example
 * ```ts
 * const mask = createMask([0, 0, 1, 0, 0], [1, 5]);
 * dilate(mask).data; // [0, 1, 1, 1, 0]
 * ```
 */
export function dilate(mask: Mask, options: FootprintOptions & OutOption<Mask> = {}): Mask {
  return binarySteps('dilate', mask, options, ['dilate']);
}
