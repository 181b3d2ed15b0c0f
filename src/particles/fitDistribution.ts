import { requireInteger, requireKnownOptions, requireOneOf } from '../core/check.js';
import { exp, log } from '../core/math.js';
import { type Seed, toRandom } from '../core/random.js';
import { type SizeMeasure, type Sizes, weightedSizesOf } from './diameters.js';
import {
  type Family,
  gammaFamily,
  lognormalFamily,
  mixtureFamily,
  normalFamily,
  weibullFamily,
} from './distributions.js';
import { inverseOf } from './inverseOf.js';

/** The distributions that can be fitted. */
export type DistributionKind = 'normal' | 'lognormal' | 'weibull' | 'gamma' | 'rosinRammler' | 'lognormalMixture';

/** Options of {@link fitDistribution}. */
export interface FitDistributionOptions {
  /** Which length of a particle is its size. @defaultValue 'equivalentDiameter' */
  readonly measure?: SizeMeasure;
  /** Number of log-normals of a mixture, 2 to 5. @defaultValue 2 */
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
  /** Their standard errors, from the curvature of the likelihood; `NaN` where it has none. */
  readonly standardErrors: Readonly<Record<string, number>>;
  /** Logarithm of the likelihood. */
  readonly logLikelihood: number;
  /** Akaike's criterion; of several fits of the same sizes the smallest is best. */
  readonly aic: number;
  /** Bayes' criterion. */
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
 * counts as its cube, scaled so that all weights together count as their effective number. Weights of particles are used.
 *
 * @param sizes - particles of {@link measureParticles}, or diameters; at least 3, and three for each log-normal.
 * @throws RangeError for too few sizes, sizes that are all equal, or (but for `'normal'`) a size of 0.
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
  requireInteger('components', components, { min: 2, max: 5 });
  requireInteger('resamples', resamples, { min: 0, max: 100_000 });
  const { sorted, weights } = weightedSizesOf(sizes, measure);
  const least = kind === 'lognormalMixture' ? 3 * components : 3;
  if (sorted.length < least) {
    throw new RangeError(`sizes must be at least ${least} to fit ${kind}, got ${sorted.length}.`);
  }
  if (sorted[0] === sorted[sorted.length - 1]) throw new RangeError(`sizes must differ, got ${sorted[0]} only.`);
  if (kind !== 'normal' && sorted[0] === 0) throw new RangeError(`sizes must be above 0 to fit ${kind}, got 0.`);

  const family = familyOf(kind, components);
  const counts = kind === 'rosinRammler' ? effective(weights.map((weight, i) => weight * sorted[i]! ** 3)) : weights;
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
      resamples === 0 ? Number.NaN : goodness(family, values, Math.max(least, Math.round(total)), ks, resamples, seed),
    cdf: (size) => family.cdf(size, values),
    density: (size) => exp(family.logDensity(size, values)),
    quantile: (share) => family.quantile(share, values),
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

/** Roots of the diagonal of the inverse of the observed information, by central differences. */
function standardErrors(
  family: Family,
  sizes: Float64Array,
  weights: Float64Array,
  values: readonly number[],
): number[] {
  const count = values.length;
  // The last share of a mixture is what the others leave.
  const mixed = family.names[0] === 'share1';
  const free = mixed ? count - 1 : count;
  const place = (k: number) => (mixed && k >= count - 3 ? k + 1 : k);
  const complete = (moved: number[]) => {
    if (!mixed) return moved;
    let rest = 1;
    for (let k = 0; k < count - 3; k += 3) rest -= moved[k]!;
    moved[count - 3] = rest;
    return moved;
  };
  const steps = Array.from({ length: free }, (_, k) => 1e-4 * Math.max(1e-3, Math.abs(values[place(k)]!)));
  const at = (moves: ReadonlyArray<readonly [number, number]>) => {
    const moved = [...values];
    for (const [k, sign] of moves) moved[place(k)]! += sign * steps[k]!;
    return likelihood(family, sizes, weights, complete(moved));
  };
  const information = Array.from({ length: free }, () => new Float64Array(free));
  for (let a = 0; a < free; a++) {
    for (let b = 0; b <= a; b++) {
      const curve =
        (at([
          [a, 1],
          [b, 1],
        ]) -
          at([
            [a, 1],
            [b, -1],
          ]) -
          at([
            [a, -1],
            [b, 1],
          ]) +
          at([
            [a, -1],
            [b, -1],
          ])) /
        (4 * steps[a]! * steps[b]!);
      information[a]![b] = -curve;
      information[b]![a] = -curve;
    }
  }
  const inverse = inverseOf(information);
  const errors = new Array<number>(count).fill(Number.NaN);
  if (inverse === undefined) return errors;
  for (let k = 0; k < free; k++) errors[place(k)] = Math.sqrt(inverse[k]![k]!);
  if (mixed) {
    let variance = 0;
    for (let a = 0; a < count - 3; a += 3) for (let b = 0; b < count - 3; b += 3) variance += inverse[a]![b]!;
    errors[count - 3] = Math.sqrt(variance);
  }
  return errors;
}

function kolmogorov(family: Family, sorted: Float64Array, weights: Float64Array, values: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  let most = 0;
  for (let i = 0; i < sorted.length; i++) {
    const share = family.cdf(sorted[i]!, values);
    most = Math.max(most, share - below / total, (below + weights[i]!) / total - share);
    below += weights[i]!;
  }
  return most;
}

function goodness(
  family: Family,
  values: readonly number[],
  count: number,
  ks: number,
  resamples: number,
  seed: Seed,
): number {
  const random = toRandom(seed);
  const size = Math.min(count, 2000);
  // Distances shrink with the root of the number: a smaller sample stands in for a huge one.
  const scale = Math.sqrt(size / count);
  const ones = new Float64Array(size).fill(1);
  const quantiles = tabulated(family, values);
  let farther = 0;
  for (let k = 0; k < resamples; k++) {
    const sample = Float64Array.from({ length: size }, () => quantiles(random.uniform(0, 1))).sort();
    if (kolmogorov(family, sample, ones, family.fit(sample, ones)) * scale >= ks) farther++;
  }
  return (farther + 1) / (resamples + 1);
}

/** Quantiles between those of 2000 shares, so that a draw is cheap; beyond the outermost they are computed. */
function tabulated(family: Family, values: readonly number[]): (share: number) => number {
  const steps = 2000;
  const table = Float64Array.from({ length: steps - 1 }, (_, i) => family.quantile((i + 1) / steps, values));
  return (share) => {
    const at = share * steps - 1;
    const k = Math.floor(at);
    if (k < 0 || k >= steps - 2) return family.quantile(Math.max(share, 1e-12), values);
    return table[k]! + (at - k) * (table[k + 1]! - table[k]!);
  };
}
