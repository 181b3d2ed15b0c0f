import { requireInteger, requireKnownOptions } from '../core/check.js';
import type { Image } from '../core/types.js';
import { type HistogramThresholdOptions, valueHistogram } from './histogram.js';

/** Options of {@link minimumThreshold}. */
export interface MinimumThresholdOptions extends HistogramThresholdOptions {
  /** How often the histogram is smoothed before giving up. @defaultValue 10000 */
  readonly maxIterations?: number;
}

/**
 * Returns the lowest point between the two peaks of the histogram of a grey image, after it was smoothed by running means
 * of three bins until two peaks are left (Prewitt and Mendelsohn 1966); the foreground is `value > threshold`. Equal to
 * scikit-image's `threshold_minimum`.
 *
 * @throws RangeError where the histogram does not come to two peaks, as of a constant image.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 2, 2, 3, 3, 3, 4, 9, 10, 10, 11, 11, 11, 12]), [1, 14]);
 * minimumThreshold(image); // 6
 * ```
 */
export function minimumThreshold(image: Image, options: MinimumThresholdOptions = {}): number {
  requireKnownOptions('minimumThreshold', options, ['bins', 'maxIterations']);
  const { bins, maxIterations = 10_000 } = options;
  requireInteger('maxIterations', maxIterations, { min: 1 });
  const { counts, centre } = valueHistogram(image, bins);
  let smooth = counts;
  let peaks: number[] = [];
  for (let i = 0; i < maxIterations; i++) {
    smooth = runningMeans(smooth);
    peaks = peaksOf(smooth);
    if (peaks.length < 3) break;
  }
  if (peaks.length !== 2) {
    throw new RangeError(`image must have a histogram of two peaks, got ${peaks.length} after smoothing.`);
  }
  let best = peaks[0]!;
  for (let bin = best; bin <= peaks[1]!; bin++) if (smooth[bin]! < smooth[best]!) best = bin;
  return centre(best);
}

function runningMeans(values: Float64Array): Float64Array {
  const last = values.length - 1;
  return values.map((value, i) => (values[Math.max(0, i - 1)]! + value + values[Math.min(last, i + 1)]!) / 3);
}

/** The bins from which the counts fall again after they rose: the ends of the tops. */
function peaksOf(values: Float64Array): number[] {
  const peaks: number[] = [];
  let rising = true;
  for (let i = 0; i < values.length - 1; i++) {
    if (rising && values[i + 1]! < values[i]!) {
      rising = false;
      peaks.push(i);
    } else if (!rising && values[i + 1]! > values[i]!) {
      rising = true;
    }
  }
  return peaks;
}
