import { requireKnownOptions, show } from '../core/check.js';
import type { Labels } from '../core/types.js';
import { assign } from './assign.js';
import { type OverlapPair, overlapsOf } from './overlaps.js';

/** Options of {@link aggregatedJaccardIndex}. */
export interface AggregatedJaccardIndexOptions {
  /** Let every predicted object stand for one true object at most, by the best assignment (AJI+). @defaultValue false */
  readonly plus?: boolean;
}

/**
 * Returns the aggregated Jaccard index (AJI, Kumar et al. 2017), in 0..1: pixels that true objects share with their best
 * prediction, over those of both and of all predictions that are none's best. Equal to HoVer-Net's `get_fast_aji` and,
 * with `plus`, `get_fast_aji_plus`. `NaN` where there is no object in either.
 *
 * @throws RangeError or TypeError for labels of different size, or negative ids.
 *
 * @example
 * ```ts
 * const target = createLabels([1, 1, 0, 2], [1, 4]);
 * const predicted = createLabels([7, 7, 7, 0], [1, 4]);
 * aggregatedJaccardIndex(target, predicted); // 0.5
 * ```
 */
export function aggregatedJaccardIndex(
  target: Labels,
  predicted: Labels,
  options: AggregatedJaccardIndexOptions = {},
): number {
  requireKnownOptions('aggregatedJaccardIndex', options, ['plus']);
  const { plus = false } = options;
  if (typeof plus !== 'boolean') throw new TypeError(`plus must be true or false, got ${show(plus)}.`);
  const { targetAreas, predictedAreas, pairs } = overlapsOf(target, predicted);
  const best = new Map<number, OverlapPair>();
  if (plus) {
    const edges = pairs.map((pair) => ({ row: pair.target, column: pair.predicted, weight: pair.iou }));
    const columnOf = assign(targetAreas.length, predictedAreas.length, edges);
    for (const pair of pairs) if (columnOf[pair.target] === pair.predicted) best.set(pair.target, pair);
  } else {
    for (const pair of pairs) if (pair.iou > (best.get(pair.target)?.iou ?? 0)) best.set(pair.target, pair);
  }
  const used = new Set<number>();
  let [shared, united] = [0, 0];
  targetAreas.forEach((area, i) => {
    const pair = best.get(i);
    if (pair === undefined) {
      united += area;
      return;
    }
    used.add(pair.predicted);
    shared += pair.pixels;
    united += area + predictedAreas[pair.predicted]! - pair.pixels;
  });
  predictedAreas.forEach((area, i) => {
    if (!used.has(i)) united += area;
  });
  return shared / united;
}
