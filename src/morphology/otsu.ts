import { pixels } from '../core/arrays.js';
import { requireImage, requireInteger, requireKnownOptions } from '../core/check.js';
import type { Image, PixelData } from '../core/types.js';
import { countInBins } from './bins.js';

/** Options of {@link otsu}. */
export interface OtsuOptions {
  /** Number of bins for float images, between the smallest and largest value; integers have one bin a level. @defaultValue 256 */
  readonly bins?: number;
}

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
  const { bins } = options;
  const { data, channels } = pixels(image);
  if (channels !== 1) throw new RangeError(`image must have one channel, got ${channels}; see toGrey.`);
  if (bins !== undefined) {
    requireInteger('bins', bins, { min: 2, max: 65536 });
    if (!(data instanceof Float32Array)) {
      throw new RangeError(`bins must not be given for an integer image, which has one a level, got ${bins}.`);
    }
  }
  const [low, high] = extremes(data);
  if (low === high) return low;
  if (!(data instanceof Float32Array)) {
    const counts = new Float64Array(high - low + 1);
    for (let i = 0; i < data.length; i++) counts[data[i]! - low]!++;
    return low + bestSplit(counts, (bin) => low + bin);
  }
  const count = bins ?? 256;
  const step = (high - low) / count;
  const edges = Float64Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + i * step));
  const centre = (bin: number) => (edges[bin]! + edges[bin + 1]!) / 2;
  return centre(bestSplit(countInBins(data, edges), centre));
}

function extremes(data: PixelData): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isFinite(value)) throw new RangeError(`image must hold finite samples, got ${value} at index ${i}.`);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The last bin of the darker class where the variance between the two classes is largest; the first one of several. */
function bestSplit(counts: Float64Array, centre: (bin: number) => number): number {
  let weight = 0;
  let moment = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    weight += counts[bin]!;
    moment += counts[bin]! * centre(bin);
  }
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  let darkWeight = 0;
  let darkMoment = 0;
  for (let bin = 0; bin < counts.length - 1; bin++) {
    darkWeight += counts[bin]!;
    darkMoment += counts[bin]! * centre(bin);
    const difference = darkMoment / darkWeight - (moment - darkMoment) / (weight - darkWeight);
    const variance = darkWeight * (weight - darkWeight) * difference * difference;
    if (variance > largest) {
      largest = variance;
      best = bin;
    }
  }
  return best;
}
