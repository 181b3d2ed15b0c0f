import { requireKnownOptions, requireNumber, show } from '../core/check.js';
import type { BoundaryDistances } from './boundaryDistances.js';

/** Options of {@link hausdorffDistance}. */
export interface HausdorffDistanceOptions {
  /** 100 takes the largest distance, 95 the one that 95 % of the boundary keep to (HD95). @defaultValue 100 */
  readonly percentile?: number;
  /**
   * Take the percentile of the distances of both directions together, as MedPy does; else that of each, and the larger of
   * both, as MONAI does. @defaultValue false
   */
  readonly pooled?: boolean;
}

/**
 * Returns the Hausdorff distance of two boundaries: how far the worst point is off, in the unit of the distances. With
 * `percentile: 95` the HD95, which single wrong pixels do not rule. Infinite where one of the masks is empty, `NaN` where
 * both are.
 *
 * @example
 * ```ts
 * const target = createMask([0, 1, 0, 0], [1, 4]);
 * const predicted = createMask([0, 1, 0, 1], [1, 4]);
 * hausdorffDistance(boundaryDistances(target, predicted)); // 2
 * ```
 */
export function hausdorffDistance(distances: BoundaryDistances, options: HausdorffDistanceOptions = {}): number {
  requireKnownOptions('hausdorffDistance', options, ['percentile', 'pooled']);
  const { percentile = 100, pooled = false } = options;
  requireNumber('percentile', percentile, { min: 0, max: 100 });
  if (typeof pooled !== 'boolean') throw new TypeError(`pooled must be true or false, got ${show(pooled)}.`);
  const { targetToPredicted, predictedToTarget } = distances;
  if (targetToPredicted.length === 0 && predictedToTarget.length === 0) return Number.NaN;
  if (targetToPredicted.length === 0 || predictedToTarget.length === 0) return Number.POSITIVE_INFINITY;
  const share = percentile / 100;
  if (!pooled) return Math.max(percentileOf(targetToPredicted, share), percentileOf(predictedToTarget, share));
  return percentileOf(Float64Array.from([...targetToPredicted, ...predictedToTarget]), share);
}

/** The value below which a share of the values lies, linear between neighbours as NumPy has it. */
function percentileOf(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (position - below);
}
