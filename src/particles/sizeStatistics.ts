import { modeOf } from './kernelDensity.js';
import { momentsOf, quantileReader, type WeightedSizes, type Weighting } from './weightedStatistics.js';

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

/** The statistics of sizes. */
export function statisticsOf(data: WeightedSizes, weighting: Weighting): SizeStatistics {
  const moments = momentsOf(data, weighting);
  const { mean, standardDeviation, skew, d32, d43, geometricMean, geometricStandardDeviation } = moments;
  const at = quantileReader(data, weighting);
  const [d10, d25, d50, d75, d90] = [at(0.1), at(0.25), at(0.5), at(0.75), at(0.9)];
  return {
    mean,
    mode: modeOf(data, weighting, moments),
    standardDeviation,
    coefficientOfVariation: standardDeviation / mean,
    skew,
    d10,
    d25,
    d50,
    d75,
    d90,
    span: (d90 - d10) / d50,
    d32,
    d43,
    geometricMean,
    geometricStandardDeviation,
  };
}
