import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import { type Seed, toRandom } from '../core/random.js';
import { type SizeMeasure, type Sizes, weightedSizesOf } from './diameters.js';
import { modeOf } from './kernelDensity.js';
import { momentsOf, powerSums, quantileReader, type WeightedSizes, type Weighting } from './weightedStatistics.js';

/** Options of {@link summarizeSizes}. */
export interface SummarizeSizesOptions {
  /** Which length of a particle is its size; for plain numbers it plays no part. @defaultValue 'equivalentDiameter' */
  readonly measure?: SizeMeasure;
  /** What each size counts for in mean, spread, mode and percentiles. @defaultValue 'number' */
  readonly weighting?: Weighting;
  /** Asks for confidence intervals by the bootstrap. */
  readonly confidence?: ConfidenceOptions;
}

/** How confidence intervals are found. */
export interface ConfidenceOptions {
  /** Share of intervals that hold the true value. @defaultValue 0.95 */
  readonly level?: number;
  /** How often the sizes are drawn anew. @defaultValue 1000 */
  readonly resamples?: number;
  /** Seed, or generator, of the draws. @defaultValue 1 */
  readonly seed?: Seed;
}

/** The statistics that have confidence intervals, in the unit of the sizes but for the ratios. */
export interface SizeStatistics {
  /** Arithmetic mean: D[1,0] by number, D[3,2] by area, D[4,3] by volume. */
  readonly mean: number;
  /** Size of the highest density: of the kernel density with Scott's bandwidth. */
  readonly mode: number;
  /** Standard deviation of the sample: divided by count - 1; `NaN` for fewer than two. */
  readonly standardDeviation: number;
  /** Standard deviation over mean; `NaN` for fewer than two. */
  readonly coefficientOfVariation: number;
  /** Third central moment over the 1.5th power of the second; `NaN` where sizes do not spread. */
  readonly skew: number;
  /** 10 % of the particles (or of their area or volume) are smaller. */
  readonly d10: number;
  /** 25 % are smaller. */
  readonly d25: number;
  /** Median: 50 % are smaller. */
  readonly d50: number;
  /** 75 % are smaller. */
  readonly d75: number;
  /** 90 % are smaller. */
  readonly d90: number;
  /** (d90 - d10) / d50. */
  readonly span: number;
  /** Surface-weighted mean D[3,2] (Sauter), whatever the weighting: sum of cubes over sum of squares. */
  readonly d32: number;
  /** Volume-weighted mean D[4,3] (De Brouckere): sum of fourth powers over sum of cubes. */
  readonly d43: number;
  /** exp of the mean logarithm; 0 where a size is 0. */
  readonly geometricMean: number;
  /** exp of the standard deviation of the logarithms (GSD, divided by count - 1); `NaN` for fewer than two. */
  readonly geometricStandardDeviation: number;
}

/** Statistics of sizes, in their unit. */
export interface SizeSummary extends SizeStatistics {
  /** How many. */
  readonly count: number;
  /** Smallest. */
  readonly min: number;
  /** Largest. */
  readonly max: number;
  /** Where asked for: bounds of each statistic (percentiles of the bootstrap). */
  readonly confidence?: { readonly [K in keyof SizeStatistics]: readonly [low: number, high: number] };
}

/**
 * Returns statistics of particle sizes. Percentiles by number interpolate linearly between the sorted sizes (NumPy's
 * default, Hyndman and Fan's type 7); by area or volume they are read off the cumulative curve. Particles with a `weight`
 * (see the option `border` of {@link measureParticles}) count so often. Of no particles the count is 0 and all else `NaN`.
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
 * summarizeSizes([2, 4, 6, 8], { weighting: 'volume' }).mean; // 7.08
 * ```
 */
export function summarizeSizes(sizes: Sizes, options: SummarizeSizesOptions = {}): SizeSummary {
  requireKnownOptions('summarizeSizes', options, ['measure', 'weighting', 'confidence']);
  const { measure = 'equivalentDiameter', weighting = 'number', confidence } = options;
  requireOneOf('weighting', weighting, ['number', 'area', 'volume']);
  const data = weightedSizesOf(sizes, measure);
  const count = data.sorted.length;
  const summary = {
    count,
    min: data.sorted[0] ?? Number.NaN,
    max: data.sorted[count - 1] ?? Number.NaN,
    ...statisticsOf(data, weighting),
  };
  return confidence === undefined ? summary : { ...summary, confidence: bootstrap(data, weighting, confidence) };
}

/** The statistics of sizes. */
export function statisticsOf(data: WeightedSizes, weighting: Weighting): SizeStatistics {
  const { mean, standardDeviation, skew, geometricMean, geometricStandardDeviation } = momentsOf(data, weighting);
  const [, , second, third, fourth] = powerSums(data);
  const at = quantileReader(data, weighting);
  const [d10, d25, d50, d75, d90] = [at(0.1), at(0.25), at(0.5), at(0.75), at(0.9)];
  return {
    mean,
    mode: modeOf(data, weighting),
    standardDeviation,
    coefficientOfVariation: standardDeviation / mean,
    skew,
    d10,
    d25,
    d50,
    d75,
    d90,
    span: (d90 - d10) / d50,
    d32: third / second,
    d43: fourth / third,
    geometricMean,
    geometricStandardDeviation,
  };
}

/** Bounds of all statistics: sizes are drawn with replacement, which is to say that each counts as often as it was drawn. */
function bootstrap(
  { sorted, weights }: WeightedSizes,
  weighting: Weighting,
  options: ConfidenceOptions,
): { readonly [K in keyof SizeStatistics]: readonly [number, number] } {
  requireKnownOptions('confidence', options, ['level', 'resamples', 'seed']);
  const { level = 0.95, resamples = 1000, seed = 1 } = options;
  requireNumber('confidence.level', level, { above: 0, below: 1 });
  requireInteger('confidence.resamples', resamples, { min: 2, max: 1e6 });
  const random = toRandom(seed);
  const count = sorted.length;
  const names = Object.keys(statisticsOf({ sorted, weights }, weighting)) as Array<keyof SizeStatistics>;
  const values = names.map(() => new Float64Array(resamples));
  const drawn = new Float64Array(count);
  for (let k = 0; k < resamples; k++) {
    drawn.fill(0);
    for (let i = 0; i < count; i++) drawn[random.integer(0, count)]!++;
    const chosen = Array.from(drawn.keys()).filter((i) => drawn[i]! > 0);
    const sample = {
      sorted: Float64Array.from(chosen, (i) => sorted[i]!),
      weights: Float64Array.from(chosen, (i) => drawn[i]! * weights[i]!),
    };
    const statistics = statisticsOf(sample, weighting);
    names.forEach((name, n) => {
      values[n]![k] = statistics[name];
    });
  }
  const bounds = names.map((name, n) => {
    // A draw of one size has no spread: what is undefined is left out.
    const ascending = values[n]!.filter((value) => !Number.isNaN(value)).sort();
    const read = quantileReader({ sorted: ascending, weights: new Float64Array(ascending.length).fill(1) }, 'number');
    return [name, [read((1 - level) / 2), read((1 + level) / 2)] as const] as const;
  });
  return Object.fromEntries(bounds) as { readonly [K in keyof SizeStatistics]: readonly [number, number] };
}
