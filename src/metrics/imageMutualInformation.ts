import { requireInteger, requireKnownOptions } from '../core/check.js';
import type { Image } from '../core/types.js';
import { imagePair } from './imagePair.js';
import { entropy } from './mutualInformation.js';

/** Options of {@link imageMutualInformation}. */
export interface ImageMutualInformationOptions {
  /** Bins of the histogram along either image, between its smallest and largest sample. @defaultValue 100 */
  readonly bins?: number;
}

/**
 * Returns the normalised mutual information of two images, (H(a) + H(b)) / H(a, b), in 1..2: 2 where one follows from the
 * other, whatever its grey values (Studholme et al. 1999); for images of different kinds. Equal to scikit-image's
 * `normalized_mutual_information`.
 *
 * @throws RangeError or TypeError as {@link meanSquaredError}.
 *
 * @example
 * ```ts
 * const one = createImage(new Float32Array([0, 1, 0, 1]), [2, 2]);
 * const other = createImage(new Float32Array([9, 3, 9, 3]), [2, 2]);
 * imageMutualInformation(one, other); // 2
 * ```
 */
export function imageMutualInformation(
  reference: Image,
  image: Image,
  options: ImageMutualInformationOptions = {},
): number {
  requireKnownOptions('imageMutualInformation', options, ['bins']);
  const { bins = 100 } = options;
  requireInteger('bins', bins, { min: 1, max: 4096 });
  const { a, b } = imagePair(reference, image);
  const [first, second] = [binOf(a, bins), binOf(b, bins)];
  const counts = { a: new Float64Array(bins), b: new Float64Array(bins), both: new Float64Array(bins * bins) };
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [first(a[i]!), second(b[i]!)];
    counts.a[x]!++;
    counts.b[y]!++;
    counts.both[x * bins + y]!++;
  }
  const joint = entropy(counts.both, a.length);
  return joint === 0 ? 2 : (entropy(counts.a, a.length) + entropy(counts.b, a.length)) / joint;
}

/** The bin of a sample between the extremes of all; the last one holds its end. */
function binOf(data: ArrayLike<number>, bins: number): (value: number) => number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < data.length; i++) {
    low = Math.min(low, data[i]!);
    high = Math.max(high, data[i]!);
  }
  const width = high - low || 1;
  return (value) => Math.min(bins - 1, Math.floor(((value - low) / width) * bins));
}
