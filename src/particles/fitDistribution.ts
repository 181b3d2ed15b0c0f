import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import { exp, log } from '../core/math.js';
import type { Seed } from '../core/random.js';
import { type SizeMeasure, type Sizes, weightedSizesOf } from './diameters.js';
import {
  type Family,
  gammaFamily,
  lognormalFamily,
  mixtureFamily,
  normalFamily,
  weibullFamily,
} from './distributions.js';
import { goodnessOfFit, kolmogorov } from './goodnessOfFit.js';
import { standardErrors } from './standardErrors.js';

/** The distributions that can be fitted. */
export type DistributionKind = 'normal' | 'lognormal' | 'weibull' | 'gamma' | 'rosinRammler' | 'lognormalMixture';

/** Options of {@link fitDistribution}. */
export interface FitDistributionOptions {
  /** Which length of a particle is its size. @defaultValue 'equivalentDiameter' */
  readonly measure?: SizeMeasure;
  /** Number of log-normals of a mixture, 2 to 5; for `'lognormalMixture'` alone. @defaultValue 2 */
  readonly components?: number;
  /** How often sizes are drawn from the fit for the goodness-of-fit test; 0 leaves the test out. @defaultValue 200 */
  readonly resamples?: number;
  /** Seed, or generator, of the draws. @defaultValue 1 */
  readonly seed?: Seed;
}

/** A fitted distribution. */
export interface DistributionFit {
  /** What was fitted. */
  readonly kind: DistributionKind;
  /** Parameters by name: mean, standardDeviation; mu, sigma; shape, scale; share1, mu1, sigma1, share2, ... */
  readonly parameters: Readonly<Record<string, number>>;
  /**
   * Their standard errors, from the curvature of the likelihood; `NaN` where it has none. Where sizes count differently
   * (Rosin-Rammler, weights of particles) those of White (1982).
   */
  readonly standardErrors: Readonly<Record<string, number>>;
  /** Logarithm of the likelihood. */
  readonly logLikelihood: number;
  /**
   * Akaike's criterion; of several fits of the same sizes the smallest is best. That of Rosin-Rammler is of the volume, and
   * not to be compared with the others.
   */
  readonly aic: number;
  /** Bayes' criterion, likewise. */
  readonly bic: number;
  /** The largest distance between the fitted and the observed cumulative curve (Kolmogorov and Smirnov). */
  readonly ks: number;
  /**
   * Share of samples drawn from the fit, and fitted anew, that lie as far from their fit (parametric bootstrap: the plain
   * table is too kind, since the parameters come from the sizes). Small: the sizes are not of this kind.
   */
  readonly pValue: number;
  /** Share of particles (for Rosin-Rammler: of volume) below a size. */
  readonly cdf: (size: number) => number;
  /** Density at a size. */
  readonly density: (size: number) => number;
  /** The size below which a share lies. */
  readonly quantile: (share: number) => number;
}

/**
 * Fits a distribution to sizes by maximum likelihood. `'rosinRammler'` is Weibull's distribution of the volume: each size
 * counts as its cube. Weights of particles are used. All weights together count as their effective number, (sum of weights)
 * ^ 2 / sum of their squares.
 *
 * @param sizes - particles of {@link measureParticles}, or diameters; at least 3, and three for each log-normal.
 * @throws RangeError for too few sizes, sizes that spread by less than a ten-thousandth, or (but for `'normal'`) a size of 0;
 * from `quantile` for a share beyond 0..1.
 *
 * @example
 * ```ts
 * const fit = fitDistribution([1, 2, 4], 'lognormal', { resamples: 0 });
 * fit.parameters.mu; // 0.6931
 * fit.parameters.sigma; // 0.5660
 * ```
 */
export function fitDistribution(
  sizes: Sizes,
  kind: DistributionKind,
  options: FitDistributionOptions = {},
): DistributionFit {
  requireOneOf('kind', kind, ['normal', 'lognormal', 'weibull', 'gamma', 'rosinRammler', 'lognormalMixture']);
  requireKnownOptions('fitDistribution', options, ['measure', 'components', 'resamples', 'seed']);
  const { measure = 'equivalentDiameter', components = 2, resamples = 200, seed = 1 } = options;
  if (options.components !== undefined && kind !== 'lognormalMixture') {
    throw new RangeError(`components must be given for "lognormalMixture" alone, got ${components} for "${kind}".`);
  }
  requireInteger('components', components, { min: 2, max: 5 });
  requireInteger('resamples', resamples, { min: 0, max: 100_000 });
  const { sorted, weights } = weightedSizesOf(sizes, measure);
  const least = kind === 'lognormalMixture' ? 3 * components : 3;
  if (sorted.length < least) {
    throw new RangeError(`sizes must be at least ${least} to fit ${kind}, got ${sorted.length}.`);
  }
  const smallest = sorted[0]!;
  const largest = sorted[sorted.length - 1]!;
  if (smallest === largest) throw new RangeError(`sizes must differ, got ${smallest} only.`);
  if (kind !== 'normal' && smallest === 0) throw new RangeError(`sizes must be above 0 to fit ${kind}, got 0.`);
  if (largest - smallest < 1e-4 * largest) {
    throw new RangeError(`sizes must spread by a ten-thousandth at least, got ${smallest} to ${largest}.`);
  }

  const family = familyOf(kind, components);
  const power = kind === 'rosinRammler' ? 3 : 0;
  const counts = effective(weights.map((weight, i) => weight * (sorted[i]! / largest) ** power));
  const values = family.fit(sorted, counts);
  const logLikelihood = likelihood(family, sorted, counts, values);
  const errors = standardErrors(family, sorted, counts, values);
  const total = counts.reduce((sum, weight) => sum + weight, 0);
  // The shares of a mixture sum to 1: one of them is no parameter.
  const free = family.names.length - (kind === 'lognormalMixture' ? 1 : 0);
  const ks = kolmogorov(family, sorted, counts, values);
  const named = (list: readonly number[]) => Object.fromEntries(family.names.map((name, i) => [name, list[i]!]));
  return {
    kind,
    parameters: named(values),
    standardErrors: named(errors),
    logLikelihood,
    aic: 2 * free - 2 * logLikelihood,
    bic: free * log(total) - 2 * logLikelihood,
    ks,
    pValue:
      resamples === 0
        ? Number.NaN
        : goodnessOfFit(family, values, Math.max(least, Math.round(total)), ks, resamples, seed),
    cdf: (size) => {
      requireNumber('size', size);
      return family.cdf(size, values);
    },
    density: (size) => {
      requireNumber('size', size);
      return exp(family.logDensity(size, values));
    },
    quantile: (share) => {
      requireNumber('share', share, { min: 0, max: 1 });
      return family.quantile(share, values);
    },
  };
}

function familyOf(kind: DistributionKind, components: number): Family {
  switch (kind) {
    case 'normal':
      return normalFamily();
    case 'lognormal':
      return lognormalFamily();
    case 'weibull':
    case 'rosinRammler':
      return weibullFamily();
    case 'gamma':
      return gammaFamily();
    case 'lognormalMixture':
      return mixtureFamily(components);
  }
}

/** Weights scaled so that their sum is their effective number. */
function effective(weights: Float64Array): Float64Array {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return weights.map((weight) => (weight * sum) / squares);
}

function likelihood(family: Family, sizes: Float64Array, weights: Float64Array, values: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < sizes.length; i++) sum += weights[i]! * family.logDensity(sizes[i]!, values);
  return sum;
}
