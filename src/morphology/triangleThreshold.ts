import { requireKnownOptions } from '../core/check.js';
import type { Image } from '../core/types.js';
import { type HistogramThresholdOptions, valueHistogram } from './histogram.js';

/**
 * Returns the threshold of a grey image by the triangle method (Zack, Rogers and Latt 1977), in its sample values: the
 * level farthest from the line between the peak of the histogram and its longer tail. The foreground is `value >
 * threshold`. Equal to scikit-image's `threshold_triangle`. A constant image gives its value.
 *
 * @throws RangeError for several channels, samples that are not finite, or `bins` for an integer image.
 *
 * @example
 * ```ts
 * triangleThreshold(createImage(new Uint8Array([9, 9, 9, 10, 11, 30]), [1, 6])); // 12
 * ```
 */
export function triangleThreshold(image: Image, options: HistogramThresholdOptions = {}): number {
  requireKnownOptions('triangleThreshold', options, ['bins']);
  const { counts, centre } = valueHistogram(image, options.bins);
  const length = counts.length;
  if (length === 1) return centre(0);
  const highest = counts.reduce((most, count) => Math.max(most, count), 0);
  const peak = counts.indexOf(highest);
  // The first and last bin are not empty. The longer tail lies to the left: else read the histogram from the right.
  const flipped = peak < length - 1 - peak;
  const at = (bin: number) => counts[flipped ? length - 1 - bin : bin]!;
  const width = flipped ? length - 1 - peak : peak;
  const norm = Math.sqrt(highest * highest + width * width);
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < width; bin++) {
    const distance = (highest / norm) * bin - (width / norm) * at(bin);
    if (distance > largest) {
      largest = distance;
      best = bin;
    }
  }
  return centre(flipped ? length - 1 - best : best);
}
