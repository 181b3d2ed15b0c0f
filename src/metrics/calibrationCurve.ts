import type { CalibrationBins } from './calibrationBins.js';

/** What was predicted and what came true, one number a bin; `NaN` in empty bins. */
export interface CalibrationCurve {
  /** Mean probability in each bin. */
  readonly predicted: Float64Array;
  /** Share of positives in each bin. */
  readonly observed: Float64Array;
  /** Pixels in each bin. */
  readonly counts: Float64Array;
}

/**
 * Returns how often what was predicted with a probability came true (a reliability diagram): on the diagonal where
 * probabilities can be believed.
 *
 * @example
 * ```ts
 * const bins = calibrationBins(new Uint8Array([0, 1, 1]), new Float32Array([0.25, 0.75, 0.25]), { bins: 2 });
 * calibrationCurve(bins).observed; // [0.5, 1]
 * ```
 */
export function calibrationCurve({ counts, probabilities, positives }: CalibrationBins): CalibrationCurve {
  return {
    predicted: probabilities.map((sum, i) => sum / counts[i]!),
    observed: positives.map((hits, i) => hits / counts[i]!),
    counts: counts.slice(),
  };
}
