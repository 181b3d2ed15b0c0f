import { requireInteger, requireKnownOptions, requireNumber, show } from '../core/check.js';
import { type Seed, toRandom } from '../core/random.js';

/** Options of {@link bootstrapInterval}. */
export interface BootstrapOptions {
  /** How often images are drawn, 10 or more. @defaultValue 2000 */
  readonly resamples?: number;
  /** How often the interval should hold the truth, between 0 and 1. @defaultValue 0.95 */
  readonly confidence?: number;
  /** Seed, or a generator to draw from. @defaultValue 0 */
  readonly seed?: Seed;
}

/** What {@link bootstrapInterval} returns. */
export interface BootstrapInterval {
  /** The statistic of all images as they are. */
  readonly estimate: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /** Standard deviation of the statistic over the resamples. */
  readonly standardError: number;
}

/**
 * Returns how sure a number is that was measured on a set of images: they are drawn anew with replacement (Efron 1979), and
 * the interval lies between percentiles of the statistic. Images, not pixels, are what was sampled: pixels of one image
 * are too alike. Draws on which the statistic is no number are left out.
 *
 * @param images - what is known of every image: confusion matrices, scores, counts.
 * @param statistic - the number of a list of images, such as the pooled IoU.
 * @throws RangeError or TypeError for fewer than 2 images or bad options.
 *
 * @example
 * ```ts
 * const scores = [0.8, 0.9, 0.7, 0.85];
 * const mean = (list) => list.reduce((sum, score) => sum + score, 0) / list.length;
 * const { estimate, low, high } = bootstrapInterval(scores, mean, { seed: 1 });
 * estimate; // 0.8125
 * low < estimate && estimate < high; // true
 * ```
 */
export function bootstrapInterval<T>(
  images: readonly T[],
  statistic: (sample: readonly T[]) => number,
  options: BootstrapOptions = {},
): BootstrapInterval {
  if (!Array.isArray(images) || images.length < 2) {
    throw new RangeError(`images must be an array of at least 2, got ${show(images)}.`);
  }
  if (typeof statistic !== 'function') throw new TypeError(`statistic must be a function, got ${show(statistic)}.`);
  requireKnownOptions('bootstrapInterval', options, ['resamples', 'confidence', 'seed']);
  const { resamples = 2000, confidence = 0.95, seed = 0 } = options;
  requireInteger('resamples', resamples, { min: 10 });
  requireNumber('confidence', confidence, { above: 0, below: 1 });
  const random = toRandom(seed);
  const values = new Float64Array(resamples);
  let count = 0;
  for (let i = 0; i < resamples; i++) {
    const value = statistic(images.map(() => images[random.integer(0, images.length)] as T));
    if (Number.isFinite(value)) values[count++] = value;
  }
  const sorted = values.subarray(0, count).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    estimate: statistic(images),
    low: percentile(sorted, (1 - confidence) / 2),
    high: percentile(sorted, (1 + confidence) / 2),
    standardError: Math.sqrt(squares / (count - 1)),
  };
}

/** The value below which a share of sorted values lies, linear between neighbours; `NaN` of none. */
function percentile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (position - below);
}
