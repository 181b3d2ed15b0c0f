import { requireKnownOptions, requireMask } from '../core/check.js';
import type { Mask } from '../core/types.js';
import { type Connectivity, requireConnectivity } from './components.js';
import { backgroundOf, filled } from './holes.js';
import { objectsNearBorder } from './objects.js';

/** Options of {@link fillHoles}. */
export interface FillHolesOptions {
  /** Which pixels of the background belong together: 4 or 8. @defaultValue 4 */
  readonly connectivity?: Connectivity;
}

/**
 * Returns a copy of a mask whose holes are filled: regions of background that do not reach the border of the image, as
 * SciPy's `binary_fill_holes`. A hole gets the class of most of the pixels that share an edge with it, the smaller class
 * where two have as many.
 *
 * @example
 * ```ts
 * const ring = createMask([2, 2, 2, 2, 0, 2, 2, 2, 2], [3, 3]);
 * fillHoles(ring).get(1, 1); // 2
 * ```
 */
export function fillHoles(mask: Mask, options: FillHolesOptions = {}): Mask {
  requireMask('mask', mask);
  requireKnownOptions('fillHoles', options, ['connectivity']);
  const { connectivity = 4 } = options;
  requireConnectivity(connectivity);
  const background = backgroundOf(mask, connectivity);
  const fill = objectsNearBorder(background, 1).map((near) => 1 - near);
  fill[0] = 0;
  return filled(mask, background, fill);
}
