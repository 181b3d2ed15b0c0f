import { requireInteger, requireKnownOptions } from '../core/check.js';
import { forEachProbability, type ScoreOptions } from './binaryScores.js';
import type { ClassIds, Scores } from './classIds.js';

/** Probabilities in equal bins of 0..1, with what came true; adds up over images and workers. */
export interface CalibrationBins {
  /** Pixels in each bin. */
  readonly counts: Float64Array;
  /** Sum of the probabilities in each bin. */
  readonly probabilities: Float64Array;
  /** Positives in each bin. */
  readonly positives: Float64Array;
}

/** Options of {@link calibrationBins}. */
export interface CalibrationBinsOptions extends ScoreOptions {
  /** Number of bins; a probability p falls into floor(p * bins), 1 into the last. @defaultValue 10 */
  readonly bins?: number;
}

/**
 * Returns probabilities in bins with the positives among them: what {@link calibrationCurve} and
 * {@link calibrationError} are read from.
 *
 * @param target - 0 or 1 per pixel.
 * @param probabilities - of 1, in 0..1, of the same size.
 * @throws RangeError where sizes differ, or a value is out of range, with its place.
 *
 * @example
 * ```ts
 * const bins = calibrationBins(new Uint8Array([0, 1]), new Float32Array([0.25, 0.75]), { bins: 2 });
 * bins.positives; // [0, 1]
 * ```
 */
export function calibrationBins(
  target: ClassIds,
  probabilities: Scores,
  options: CalibrationBinsOptions = {},
): CalibrationBins {
  requireKnownOptions('calibrationBins', options, ['bins', 'ignoreIndex']);
  const { bins = 10 } = options;
  requireInteger('bins', bins, { min: 1 });
  const result = {
    counts: new Float64Array(bins),
    probabilities: new Float64Array(bins),
    positives: new Float64Array(bins),
  };
  forEachProbability(target, probabilities, options, (probability, positive) => {
    const bin = Math.min(bins - 1, Math.floor(probability * bins));
    result.counts[bin]!++;
    result.probabilities[bin]! += probability;
    if (positive) result.positives[bin]!++;
  });
  return result;
}

/**
 * Returns the sum of bins: those of all their pixels together.
 *
 * @throws RangeError where the numbers of bins differ, or none is given.
 *
 * @example
 * ```ts
 * const one = calibrationBins(new Uint8Array([0, 1]), new Float32Array([0.25, 0.75]), { bins: 2 });
 * addCalibrationBins(one, one).counts; // [2, 2]
 * ```
 */
export function addCalibrationBins(...list: readonly CalibrationBins[]): CalibrationBins {
  const [first, ...others] = list;
  if (first === undefined) throw new RangeError('addCalibrationBins must be given at least one set of bins, got none.');
  const result = {
    counts: first.counts.slice(),
    probabilities: first.probabilities.slice(),
    positives: first.positives.slice(),
  };
  for (const other of others) {
    if (other.counts.length !== result.counts.length) {
      throw new RangeError(`bins must be equal in number, got ${result.counts.length} and ${other.counts.length}.`);
    }
    for (const part of ['counts', 'probabilities', 'positives'] as const) {
      other[part].forEach((value, i) => {
        result[part][i]! += value;
      });
    }
  }
  return result;
}
