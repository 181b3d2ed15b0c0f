import { requireImage, requireKnownOptions } from '../core/check.js';
import type { Image } from '../core/types.js';
import { type HistogramThresholdOptions, valueHistogram } from './histogram.js';

/** Options of {@link otsu}. */
export interface OtsuOptions extends HistogramThresholdOptions {}

/**
 * Returns the threshold of a grey image by Otsu's method (1979), in its sample values; the foreground is `value >
 * threshold`. Equal to scikit-image's `threshold_otsu`: the bin that ends the darker class, in the float case its centre.
 * A constant image gives its value.
 *
 * @param image - one channel; `toGrey` makes it of colours.
 * @throws RangeError for several channels, samples that are not finite, or `bins` for an integer image.
 *
 * @example
 * ```ts
 * otsu(createImage(new Uint8Array([10, 12, 200, 210]), [2, 2])); // 12
 * ```
 */
export function otsu(image: Image, options: OtsuOptions = {}): number {
  requireImage('image', image);
  requireKnownOptions('otsu', options, ['bins']);
  const { counts, centre } = valueHistogram(image, options.bins);
  return centre(bestSplit(counts, centre));
}

/** The last bin of the darker class where the variance between the two classes is largest; the first one of several. */
function bestSplit(counts: Float64Array, centre: (bin: number) => number): number {
  // Levels count from the lowest, so that sums of integers stay exact, and equal variances equal.
  const base = centre(0);
  let weight = 0;
  let moment = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    weight += counts[bin]!;
    moment += counts[bin]! * (centre(bin) - base);
  }
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  let darkWeight = 0;
  let darkMoment = 0;
  for (let bin = 0; bin < counts.length - 1; bin++) {
    darkWeight += counts[bin]!;
    darkMoment += counts[bin]! * (centre(bin) - base);
    // The difference of the means, times both weights.
    const difference = darkMoment * weight - moment * darkWeight;
    const variance = (difference * difference) / (darkWeight * (weight - darkWeight));
    if (variance > largest) {
      largest = variance;
      best = bin;
    }
  }
  return best;
}
