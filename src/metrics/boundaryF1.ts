import type { BoundaryDistances } from './boundaryDistances.js';
import { type BoundaryToleranceOptions, withinTolerance } from './surfaceDice.js';

/** How well boundaries agree within a tolerance; see {@link boundaryF1}. */
export interface BoundaryScores {
  /** Share of the predicted boundary that lies within the tolerance of the target's; `NaN` without a prediction. */
  readonly precision: number;
  /** Share of the target's boundary that lies within the tolerance of the prediction's; `NaN` for an empty target. */
  readonly recall: number;
  /** Harmonic mean of both; 0 where one of the masks is empty, `NaN` where both are. */
  readonly f1: number;
}

/**
 * Returns precision, recall and F1 of the boundary within a tolerance (Csurka et al. 2013), in 0..1.
 *
 * @example
 * ```ts
 * const target = createMask([0, 1, 0, 0], [1, 4]);
 * const predicted = createMask([0, 1, 0, 1], [1, 4]);
 * boundaryF1(boundaryDistances(target, predicted), { tolerance: 1 }); // { precision: 0.5, recall: 1, f1: 0.666667 }
 * ```
 */
export function boundaryF1(distances: BoundaryDistances, options: BoundaryToleranceOptions): BoundaryScores {
  const { target, predicted } = withinTolerance('boundaryF1', distances, options);
  const precision = predicted / distances.predictedToTarget.length;
  const recall = target / distances.targetToPredicted.length;
  const none = Number.isNaN(precision) && Number.isNaN(recall);
  const f1 = target + predicted === 0 ? (none ? Number.NaN : 0) : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}
