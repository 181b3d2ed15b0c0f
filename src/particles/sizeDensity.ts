import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import { type SizeMeasure, type Sizes, weightedSizesOf } from './diameters.js';
import { type BandwidthRule, bandwidthOf, densityAt } from './kernelDensity.js';
import { momentsOf, type Weighting } from './weightedStatistics.js';

/** Options of {@link sizeDensity}. */
export interface SizeDensityOptions {
  /** Standard deviation of the kernel in the unit of the sizes, or a rule. @defaultValue 'scott' */
  readonly bandwidth?: number | BandwidthRule;
  /** Where to evaluate: the number of points over the sizes and three bandwidths beyond, or the points. @defaultValue 200 */
  readonly points?: number | ArrayLike<number>;
  /** What each size counts for. @defaultValue 'number' */
  readonly weighting?: Weighting;
  /** Which length of a particle is its size. @defaultValue 'equivalentDiameter' */
  readonly measure?: SizeMeasure;
}

/** A density over sizes. */
export interface SizeDensity {
  /** Sizes. */
  readonly x: Float64Array;
  /** Density at each, per unit of size; its integral is 1. */
  readonly density: Float64Array;
  /** Standard deviation of the kernel. */
  readonly bandwidth: number;
}

/**
 * Returns a kernel density estimate of sizes, a sum of normal distributions; SciPy's `gaussian_kde`.
 *
 * @param sizes - particles of {@link measureParticles}, or diameters.
 * @throws RangeError without sizes, or where a rule is asked for and they do not spread.
 *
 * @example
 * ```ts
 * const { density } = sizeDensity([2, 4], { bandwidth: 1, points: [3] });
 * density[0]; // 0.2419707
 * ```
 */
export function sizeDensity(sizes: Sizes, options: SizeDensityOptions = {}): SizeDensity {
  requireKnownOptions('sizeDensity', options, ['bandwidth', 'points', 'weighting', 'measure']);
  const { bandwidth: wanted = 'scott', points = 200, weighting = 'number', measure = 'equivalentDiameter' } = options;
  requireOneOf('weighting', weighting, ['number', 'area', 'volume']);
  if (typeof wanted === 'number') requireNumber('bandwidth', wanted, { above: 0 });
  else requireOneOf('bandwidth', wanted, ['scott', 'silverman']);
  const data = weightedSizesOf(sizes, measure);
  if (!(data.sorted[data.sorted.length - 1]! > 0 || (data.sorted.length > 0 && weighting === 'number'))) {
    throw new RangeError(`sizes must hold one that counts by ${weighting}, got ${data.sorted.length} of them.`);
  }
  const bandwidth = typeof wanted === 'number' ? wanted : bandwidthOf(momentsOf(data, weighting), wanted);
  if (!(bandwidth > 0)) {
    throw new RangeError(`sizes must differ for the bandwidth rule "${wanted}", got ${data.sorted.length} alike.`);
  }
  let x: Float64Array;
  if (typeof points === 'number') {
    requireInteger('points', points, { min: 2, max: 1e6 });
    const low = data.sorted[0]! - 3 * bandwidth;
    const high = data.sorted[data.sorted.length - 1]! + 3 * bandwidth;
    x = Float64Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
  } else {
    x = Float64Array.from(points);
    x.forEach((point, i) => {
      requireNumber(`points[${i}]`, point);
    });
  }
  return { x, density: densityAt(data, weighting, bandwidth, x), bandwidth };
}
