import type { CalibrationBins } from './calibrationBins.js';

/** How far probabilities are off, in 0..1. */
export interface CalibrationError {
  /** Mean over the bins, weighted by their pixels (ECE). */
  readonly expected: number;
  /** The largest of all bins (MCE). */
  readonly maximum: number;
}

/**
 * Returns the expected and the maximum calibration error (Naeini et al. 2015) of the probability of the positive class: how
 * far the mean probability of a bin is from its share of positives. `NaN` where there is no pixel.
 *
 * @example
 * ```ts
 * const bins = calibrationBins(new Uint8Array([0, 1, 1]), new Float32Array([0.25, 0.75, 0.25]), { bins: 2 });
 * calibrationError(bins); // { expected: 0.25, maximum: 0.25 }
 * ```
 */
export function calibrationError({ counts, probabilities, positives }: CalibrationBins): CalibrationError {
  let [sum, all, maximum] = [0, 0, 0];
  counts.forEach((count, i) => {
    if (count === 0) return;
    const gap = Math.abs(probabilities[i]! - positives[i]!);
    sum += gap;
    all += count;
    maximum = Math.max(maximum, gap / count);
  });
  return { expected: sum / all, maximum: all === 0 ? Number.NaN : maximum };
}
