import { requireKnownOptions, requireMask, requireNumber } from '../core/check.js';
import type { Mask } from '../core/types.js';
import { type Connectivity, requireConnectivity } from './components.js';
import { backgroundOf, filled } from './holes.js';
import { objectSizes } from './objects.js';

/** Options of {@link removeSmallHoles}. */
export interface RemoveSmallHolesOptions {
  /** Regions of background of fewer pixels are filled. @defaultValue 64 */
  readonly minSize?: number;
  /** Which pixels of the background belong together: 4 or 8. @defaultValue 4 */
  readonly connectivity?: Connectivity;
}

/**
 * Returns a copy of a mask where regions of background of fewer than `minSize` pixels are filled, those at the border of
 * the image too, as scikit-image's `remove_small_holes`. A region gets the class of most of the pixels that share an edge
 * with it; a mask without any foreground stays as it is.
 *
 * @throws RangeError where `minSize` is negative.
 *
 * @example
 * ```ts
 * const mask = createMask([1, 0, 1, 0, 0], [1, 5]);
 * removeSmallHoles(mask, { minSize: 2 }).data; // [1, 1, 1, 0, 0]
 * ```
 */
export function removeSmallHoles(mask: Mask, options: RemoveSmallHolesOptions = {}): Mask {
  requireMask('mask', mask);
  requireKnownOptions('removeSmallHoles', options, ['minSize', 'connectivity']);
  const { minSize = 64, connectivity = 4 } = options;
  requireNumber('minSize', minSize, { min: 0 });
  requireConnectivity(connectivity);
  const background = backgroundOf(mask, connectivity);
  const fill = Uint8Array.from(objectSizes(background), (size) => (size < minSize ? 1 : 0));
  fill[0] = 0;
  return filled(mask, background, fill);
}
