import { requireKnownOptions } from '../core/check.js';
import { type SizeMeasure, type Sizes, sizesOf } from './diameters.js';
import { quantile } from './quantile.js';

/** Options of {@link summarizeSizes}. */
export interface SummarizeSizesOptions {
  /** Which length of a particle is its size; for plain numbers it plays no part. @defaultValue 'equivalentDiameter' */
  readonly measure?: SizeMeasure;
}

/** Statistics of sizes, in their unit; every particle counts alike (number-weighted) unless said otherwise. */
export interface SizeSummary {
  /** How many. */
  readonly count: number;
  /** Arithmetic mean, D[1,0]. */
  readonly mean: number;
  /** Standard deviation of the sample: divided by count - 1; `NaN` for fewer than two. */
  readonly standardDeviation: number;
  /** Standard deviation over mean; `NaN` for fewer than two. */
  readonly coefficientOfVariation: number;
  /** Smallest. */
  readonly min: number;
  /** Largest. */
  readonly max: number;
  /** 10 % of the particles are smaller. */
  readonly d10: number;
  /** 25 % of the particles are smaller. */
  readonly d25: number;
  /** Median: 50 % of the particles are smaller. */
  readonly d50: number;
  /** 75 % of the particles are smaller. */
  readonly d75: number;
  /** 90 % of the particles are smaller. */
  readonly d90: number;
  /** (d90 - d10) / d50. */
  readonly span: number;
  /** Surface-weighted mean D[3,2] (Sauter): sum of cubes over sum of squares. */
  readonly d32: number;
  /** Volume-weighted mean D[4,3] (De Brouckere): sum of fourth powers over sum of cubes. */
  readonly d43: number;
}

/**
 * Returns statistics of particle sizes. Percentiles are number-weighted with linear interpolation between the sorted
 * sizes (NumPy's default, Hyndman and Fan's type 7). Of no particles the count is 0 and all else `NaN`.
 *
 * @param sizes - particles of {@link measureParticles}, or diameters.
 * @throws TypeError or RangeError where a size is negative or not finite, or the particles' units differ.
 *
 * @example
 * ```ts
 * const summary = summarizeSizes([2, 4, 6, 8]);
 * summary.mean; // 5
 * summary.standardDeviation; // 2.5819889
 * summary.d10; // 2.6
 * ```
 */
export function summarizeSizes(sizes: Sizes, options: SummarizeSizesOptions = {}): SizeSummary {
  requireKnownOptions('summarizeSizes', options, ['measure']);
  const { measure = 'equivalentDiameter' } = options;
  const sorted = sizesOf(sizes, measure).sort();
  const count = sorted.length;
  const [first, second, third, fourth] = powerSums(sorted);
  const mean = first / count;
  let squares = 0;
  for (const size of sorted) squares += (size - mean) * (size - mean);
  const standardDeviation = count < 2 ? Number.NaN : Math.sqrt(squares / (count - 1));
  const at = (share: number) => quantile(sorted, share);
  return {
    count,
    mean,
    standardDeviation,
    coefficientOfVariation: standardDeviation / mean,
    min: sorted[0] ?? Number.NaN,
    max: sorted[count - 1] ?? Number.NaN,
    d10: at(0.1),
    d25: at(0.25),
    d50: at(0.5),
    d75: at(0.75),
    d90: at(0.9),
    span: (at(0.9) - at(0.1)) / at(0.5),
    d32: third / second,
    d43: fourth / third,
  };
}

function powerSums(values: Float64Array): [number, number, number, number] {
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (const value of values) {
    const square = value * value;
    sums[0] += value;
    sums[1] += square;
    sums[2] += square * value;
    sums[3] += square * square;
  }
  return sums;
}
