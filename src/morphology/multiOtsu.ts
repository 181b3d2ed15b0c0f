import { requireInteger, requireKnownOptions } from '../core/check.js';
import type { Image } from '../core/types.js';
import { type HistogramThresholdOptions, valueHistogram } from './histogram.js';

/** Options of {@link multiOtsu}. */
export interface MultiOtsuOptions extends HistogramThresholdOptions {
  /** Number of classes, 2 to 16; one more than thresholds. @defaultValue 3 */
  readonly classes?: number;
}

/**
 * Returns the `classes - 1` ascending thresholds that make the variance between the classes of a grey image largest
 * (Otsu 1979; Liao, Chen and Chung 2001), in its sample values; a class holds `value <= threshold`. Equal to
 * scikit-image's `threshold_multiotsu`. The optimum is found by dynamic programming, so that many classes cost little.
 *
 * @throws RangeError for several channels, or where the image has fewer values than classes.
 *
 * @example
 * ```ts
 * multiOtsu(createImage(new Uint8Array([1, 2, 90, 92, 200, 210]), [1, 6])); // [2, 92]
 * ```
 */
export function multiOtsu(image: Image, options: MultiOtsuOptions = {}): Float64Array {
  requireKnownOptions('multiOtsu', options, ['classes', 'bins']);
  const { classes = 3, bins } = options;
  requireInteger('classes', classes, { min: 2, max: 16 });
  const { counts, centre } = valueHistogram(image, bins);
  const length = counts.length;
  const used = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  if (used < classes) {
    throw new RangeError(`image must hold at least ${classes} different values for ${classes} classes, got ${used}.`);
  }
  const weights = new Float64Array(length + 1);
  const moments = new Float64Array(length + 1);
  for (let bin = 0; bin < length; bin++) {
    weights[bin + 1] = weights[bin]! + counts[bin]!;
    moments[bin + 1] = moments[bin]! + counts[bin]! * (bin + 1);
  }
  /** Square of the sum over the number of pixels of the bins [from, to): the class's part of the variance. */
  const part = (from: number, to: number) => {
    const weight = weights[to]! - weights[from]!;
    const moment = moments[to]! - moments[from]!;
    return weight > 0 ? (moment * moment) / weight : 0;
  };
  // best[to] is the largest sum of parts of the classes so far over the bins [0, to); cuts say where the last one begins.
  let best = Float64Array.from({ length: length + 1 }, (_, to) => part(0, to));
  const cuts: Int32Array[] = [];
  for (let cls = 1; cls < classes; cls++) {
    const next = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
    const cut = new Int32Array(length + 1);
    for (let to = cls + 1; to <= length; to++) {
      for (let from = cls; from < to; from++) {
        const value = best[from]! + part(from, to);
        if (value > next[to]!) {
          next[to] = value;
          cut[to] = from;
        }
      }
    }
    best = next;
    cuts.push(cut);
  }
  const thresholds = new Float64Array(classes - 1);
  let end = length;
  for (let cls = classes - 2; cls >= 0; cls--) {
    end = cuts[cls]![end]!;
    thresholds[cls] = centre(end - 1);
  }
  return thresholds;
}
