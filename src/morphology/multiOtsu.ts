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
 * scikit-image's `threshold_multiotsu`. The optimum is found by dynamic programming, so that many classes and
 * levels cost little.
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
  const levels = Int32Array.from(counts.keys()).filter((bin) => counts[bin]! > 0);
  const length = levels.length;
  if (length < classes) {
    throw new RangeError(`image must hold at least ${classes} different values for ${classes} classes, got ${length}.`);
  }
  const weights = new Float64Array(length + 1);
  const moments = new Float64Array(length + 1);
  for (let i = 0; i < length; i++) {
    const count = counts[levels[i]!]!;
    weights[i + 1] = weights[i]! + count;
    moments[i + 1] = moments[i]! + count * (levels[i]! + 1);
  }
  /** Square of the sum over the number of pixels of the levels [from, to): the class's part of the variance. */
  const part = (from: number, to: number) => {
    const moment = moments[to]! - moments[from]!;
    return (moment * moment) / (weights[to]! - weights[from]!);
  };
  // best[to] is the largest sum of parts of the classes so far over the levels [0, to); cuts say where the last one begins.
  let best = Float64Array.from({ length: length + 1 }, (_, to) => (to === 0 ? 0 : part(0, to)));
  const cuts: Int32Array[] = [];
  for (let cls = 1; cls < classes; cls++) {
    const next = bestLastClass(best, part, cls, length);
    best = next.best;
    cuts.push(next.cuts);
  }
  const thresholds = new Float64Array(classes - 1);
  let end = length;
  for (let cls = classes - 2; cls >= 0; cls--) {
    end = cuts[cls]![end]!;
    thresholds[cls] = centre(levels[end - 1]!);
  }
  return thresholds;
}

/**
 * Adds a class: where it begins best for every end. The more levels there are, the later it begins, so the middle end halves
 * what is left to look at (divide and conquer): 65536 levels take milliseconds.
 */
function bestLastClass(
  before: Float64Array,
  part: (from: number, to: number) => number,
  classesBefore: number,
  length: number,
): { best: Float64Array<ArrayBuffer>; cuts: Int32Array } {
  const best = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
  const cuts = new Int32Array(length + 1);
  const search = (firstEnd: number, lastEnd: number, low: number, high: number) => {
    if (firstEnd > lastEnd) return;
    const to = (firstEnd + lastEnd) >> 1;
    for (let from = low; from <= Math.min(high, to - 1); from++) {
      const value = before[from]! + part(from, to);
      if (value > best[to]!) {
        best[to] = value;
        cuts[to] = from;
      }
    }
    search(firstEnd, to - 1, low, cuts[to]!);
    search(to + 1, lastEnd, cuts[to]!, high);
  };
  search(classesBefore + 1, length, classesBefore, length - 1);
  return { best, cuts };
}
