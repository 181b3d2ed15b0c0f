import { requireKnownOptions, requireOneOf } from '../core/check.js';
import type { BoundaryDistances } from './boundaryDistances.js';

/** Options of {@link averageSurfaceDistance}. */
export interface AverageSurfaceDistanceOptions {
  /**
   * `'symmetric'`: the mean of all distances of both directions (ASSD; MONAI, MedPy); `'meanOfMeans'`: the mean of the two
   * directed means; `'toTarget'`, `'toPredicted'`: of one direction (ASD). @defaultValue 'symmetric'
   */
  readonly direction?: 'symmetric' | 'meanOfMeans' | 'toTarget' | 'toPredicted';
}

/**
 * Returns the average distance of two boundaries, in the unit of the distances: the average symmetric surface distance
 * (ASSD) by default. Infinite where one of the masks is empty, `NaN` where both are.
 *
 * @example
 * ```ts
 * const target = createMask([0, 1, 0, 0], [1, 4]);
 * const predicted = createMask([0, 1, 0, 1], [1, 4]);
 * averageSurfaceDistance(boundaryDistances(target, predicted)); // 0.666667
 * ```
 */
export function averageSurfaceDistance(
  distances: BoundaryDistances,
  options: AverageSurfaceDistanceOptions = {},
): number {
  requireKnownOptions('averageSurfaceDistance', options, ['direction']);
  const { direction = 'symmetric' } = options;
  requireOneOf('direction', direction, ['symmetric', 'meanOfMeans', 'toTarget', 'toPredicted']);
  const { targetToPredicted: there, predictedToTarget: back } = distances;
  if (there.length === 0 && back.length === 0) return Number.NaN;
  if (there.length === 0 || back.length === 0) return Number.POSITIVE_INFINITY;
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  switch (direction) {
    case 'toTarget':
      return sum(back) / back.length;
    case 'toPredicted':
      return sum(there) / there.length;
    case 'meanOfMeans':
      return (sum(there) / there.length + sum(back) / back.length) / 2;
    default:
      return (sum(there) + sum(back)) / (there.length + back.length);
  }
}
