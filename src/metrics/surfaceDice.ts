import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { BoundaryDistances } from './boundaryDistances.js';

/** Options of {@link surfaceDice} and {@link boundaryF1}. */
export interface BoundaryToleranceOptions {
  /** How far apart two boundaries may be and still agree, in the unit of the distances; 0 or more. */
  readonly tolerance: number;
}

/** How many boundary pixels of each mask lie within the tolerance of the other. */
export function withinTolerance(
  name: string,
  { targetToPredicted, predictedToTarget }: BoundaryDistances,
  options: BoundaryToleranceOptions,
): { readonly target: number; readonly predicted: number } {
  requireKnownOptions(name, options, ['tolerance']);
  const { tolerance } = options;
  requireNumber('tolerance', tolerance, { min: 0 });
  const count = (values: Float64Array): number => values.reduce((sum, value) => sum + (value <= tolerance ? 1 : 0), 0);
  return { target: count(targetToPredicted), predicted: count(predictedToTarget) };
}

/**
 * Returns the share of both boundaries that lies within a tolerance of the other (Nikolov et al. 2018; normalised surface
 * distance, NSD), in 0..1. Equal to MONAI's `compute_surface_dice`. `NaN` where both masks are empty.
 *
 * @example
 * ```ts
 * const target = createMask([0, 1, 0, 0], [1, 4]);
 * const predicted = createMask([0, 1, 0, 1], [1, 4]);
 * surfaceDice(boundaryDistances(target, predicted), { tolerance: 1 }); // 0.666667
 * ```
 */
export function surfaceDice(distances: BoundaryDistances, options: BoundaryToleranceOptions): number {
  const { target, predicted } = withinTolerance('surfaceDice', distances, options);
  return (target + predicted) / (distances.targetToPredicted.length + distances.predictedToTarget.length);
}
