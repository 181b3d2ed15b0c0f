import { requireKnownOptions } from '../core/check.js';
import { log } from '../core/math.js';
import type { Image } from '../core/types.js';
import { type HistogramThresholdOptions, valueHistogram } from './histogram.js';

/**
 * Returns the threshold of a grey image by Yen's maximum correlation criterion (Yen, Chang and Chang 1995), in its
 * sample values; the foreground is `value > threshold`. Equal to scikit-image's `threshold_yen`. A constant image gives
 * its value.
 *
 * @throws RangeError for several channels, samples that are not finite, or `bins` for an integer image.
 *
 * @example
 * ```ts
 * yenThreshold(createImage(new Uint8Array([10, 12, 200, 210]), [2, 2])); // 12
 * ```
 */
export function yenThreshold(image: Image, options: HistogramThresholdOptions = {}): number {
  requireKnownOptions('yenThreshold', options, ['bins']);
  const { counts, centre } = valueHistogram(image, options.bins);
  if (counts.length === 1) return centre(0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let squaresAbove = counts.reduce((sum, count) => sum + (count / total) ** 2, 0);
  let share = 0;
  let squaresBelow = 0;
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < counts.length - 1; bin++) {
    const part = counts[bin]! / total;
    share += part;
    squaresBelow += part * part;
    squaresAbove -= part * part;
    const criterion = log((share * (1 - share)) ** 2 / (squaresBelow * squaresAbove));
    if (criterion > largest) {
      largest = criterion;
      best = bin;
    }
  }
  return centre(best);
}
