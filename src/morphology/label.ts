import { contiguous, createLabels } from '../core/arrays.js';
import { requireKnownOptions, requireMask } from '../core/check.js';
import type { Labels, Mask } from '../core/types.js';
import { type Connectivity, requireConnectivity } from './components.js';
import { type OutOption, outputData } from './out.js';
import { giveBackRuns, paintRuns, runUnion } from './runUnion.js';

/** Options of {@link label}. */
export interface LabelOptions extends OutOption<Labels> {
  /** Neighbours that belong together: 4 (edges) or 8 (edges and corners). @defaultValue 8 */
  readonly connectivity?: Connectivity;
}

/**
 * Returns the connected regions of a mask as instance ids: 1, 2, 3, ... in raster order of their first pixels, 0 =
 * background, as scikit-image's `measure.label` counts them. Pixels that touch and have the same class belong together:
 * regions of different classes stay apart.
 *
 * @param mask - class per pixel, `[height, width]`, 0 = background.
 * @throws TypeError where `mask` is no mask, RangeError for another connectivity or an `out` that does not fit.
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
  requireKnownOptions('label', options, ['connectivity', 'out']);
  const { connectivity = 8, out } = options;
  requireConnectivity(connectivity);
  const [height, width] = mask.shape as [number, number];
  const result = outputData(out, Int32Array, mask.shape, mask.data);
  const runs = runUnion(contiguous(mask).data, height, width, connectivity);
  paintRuns(runs, result, height, width, out !== undefined);
  giveBackRuns(runs);
  return out ?? createLabels(result, [height, width]);
}
