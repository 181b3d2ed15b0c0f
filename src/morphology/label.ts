import { contiguous, createLabels } from '../core/arrays.js';
import { requireKnownOptions, requireMask } from '../core/check.js';
import type { Labels, Mask } from '../core/types.js';
import { type Connectivity, components, requireConnectivity } from './components.js';

/** Options of {@link label}. */
export interface LabelOptions {
  /** Neighbours that belong together: 4 (edges) or 8 (edges and corners). @defaultValue 8 */
  readonly connectivity?: Connectivity;
}

/**
 * Returns the connected regions of a mask as instance ids: 1, 2, 3, ... in raster order of their first pixels, 0 =
 * background, as scikit-image's `measure.label` counts them. Pixels that touch and have the same class belong together:
 * regions of different classes stay apart.
 *
 * @param mask - class per pixel, `[height, width]`, 0 = background.
 * @throws TypeError where `mask` is no mask, RangeError for another connectivity.
 *
 * @example
 * ```ts
 * const mask = createMask([1, 0, 1, 0, 1, 0], [2, 3]);
 * label(mask).data; // [1, 0, 1, 0, 1, 0]
 * label(mask, { connectivity: 4 }).data; // [1, 0, 2, 0, 3, 0]
 * ```
 */
export function label(mask: Mask, options: LabelOptions = {}): Labels {
  requireMask('mask', mask);
  requireKnownOptions('label', options, ['connectivity']);
  const { connectivity = 8 } = options;
  requireConnectivity(connectivity);
  const [height, width] = mask.shape as [number, number];
  return createLabels(components(contiguous(mask).data, height, width, connectivity).ids, [height, width]);
}
