import { requireKnownOptions } from '../core/check.js';
import type { Image } from '../core/types.js';
import { type HistogramThresholdOptions, valueHistogram } from './histogram.js';

/**
 * Returns the smallest threshold of a grey image that lies midway between the means of the two classes that it makes
 * (Ridler and Calvard 1978), in its sample values; the foreground is `value > threshold`. Equal to scikit-image's
 * `threshold_isodata`. A constant image gives its value.
 *
 * @throws RangeError for several channels, samples that are not finite, or `bins` for an integer image.
 *
 * @example
 * ```ts
 * isodataThreshold(createImage(new Uint8Array([10, 12, 200, 210]), [2, 2])); // 108
 * ```
 */
export function isodataThreshold(image: Image, options: HistogramThresholdOptions = {}): number {
  requireKnownOptions('isodataThreshold', options, ['bins']);
  const { counts, centre } = valueHistogram(image, options.bins);
  const length = counts.length;
  if (length === 1) return centre(0);
  const width = centre(1) - centre(0);
  let number = 0;
  let moment = 0;
  for (let bin = 0; bin < length; bin++) {
    number += counts[bin]!;
    moment += counts[bin]! * centre(bin);
  }
  let darkNumber = 0;
  let darkMoment = 0;
  for (let bin = 0; bin < length - 1; bin++) {
    darkNumber += counts[bin]!;
    darkMoment += counts[bin]! * centre(bin);
    const middle = (darkMoment / darkNumber + (moment - darkMoment) / (number - darkNumber)) / 2;
    const distance = middle - centre(bin);
    if (distance >= 0 && distance < width) return centre(bin);
  }
  // Rounding alone can lead here: the midpoint of the means passes every bin between the first and the last.
  return centre(length - 2);
}
