import { pixelEdges } from '../core/calibration.js';
import { requireKnownOptions } from '../core/check.js';
import type { Calibration, Labels, LengthUnit } from '../core/types.js';
import { type InstanceOptions, matchInstances } from './matchInstances.js';

/** Options of {@link sizeErrors}. */
export interface SizeErrorsOptions extends InstanceOptions {
  /** Size of a pixel, for diameters in physical units. @defaultValue 1 px */
  readonly calibration?: Calibration;
}

/** Sizes of one matched pair, as diameters of discs of equal area. */
export interface SizeError {
  /** Id in the target. */
  readonly target: number;
  /** Id in the prediction. */
  readonly predicted: number;
  /** Diameter of the true object. */
  readonly targetDiameter: number;
  /** Diameter of the predicted object. */
  readonly predictedDiameter: number;
  /** Predicted less true diameter. */
  readonly error: number;
  /** That over the true diameter. */
  readonly relativeError: number;
}

/** How well particles were sized; see {@link sizeErrors}. */
export interface SizeErrors {
  /** One a matched pair. */
  readonly pairs: readonly SizeError[];
  /** Mean error: above 0 where sizes come out too large. `NaN` without a pair, as all that follow. */
  readonly bias: number;
  /** Mean absolute error. */
  readonly meanAbsolute: number;
  /** Root of the mean squared error. */
  readonly rootMeanSquare: number;
  /** Mean absolute relative error. */
  readonly meanAbsoluteRelative: number;
  /** The unit of the diameters. */
  readonly unit: LengthUnit;
}

/**
 * Returns how far the sizes of found particles are off: area-equivalent diameters 2 sqrt(A / pi) of matched pairs. Missed
 * and made-up particles have no size to compare; see {@link instanceCounts} for them.
 *
 * @throws RangeError or TypeError as {@link matchInstances}, or for a bad calibration.
 *
 * @example
 * ```ts
 * const target = createLabels([1, 1, 1, 1, 0], [1, 5]);
 * const predicted = createLabels([1, 1, 1, 0, 0], [1, 5]);
 * sizeErrors(target, predicted).bias; // -0.302
 * ```
 */
export function sizeErrors(target: Labels, predicted: Labels, options: SizeErrorsOptions = {}): SizeErrors {
  requireKnownOptions('sizeErrors', options, ['threshold', 'calibration']);
  const { calibration, ...matching } = options;
  const edges = calibration === undefined ? ({ row: 1, column: 1, unit: 'px' } as const) : pixelEdges(calibration);
  const diameter = (pixels: number): number => 2 * Math.sqrt((pixels * edges.row * edges.column) / Math.PI);
  const pairs = matchInstances(target, predicted, matching).matches.map((match) => {
    const targetDiameter = diameter(match.targetArea);
    const predictedDiameter = diameter(match.predictedArea);
    const error = predictedDiameter - targetDiameter;
    return {
      target: match.target,
      predicted: match.predicted,
      targetDiameter,
      predictedDiameter,
      error,
      relativeError: error / targetDiameter,
    };
  });
  const mean = (of: (pair: SizeError) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  return {
    pairs,
    bias: mean(({ error }) => error),
    meanAbsolute: mean(({ error }) => Math.abs(error)),
    rootMeanSquare: Math.sqrt(mean(({ error }) => error * error)),
    meanAbsoluteRelative: mean(({ relativeError }) => Math.abs(relativeError)),
    unit: edges.unit,
  };
}
