import { exp, log, logGamma } from '../core/math.js';
import { bisect, digamma, gammaP, normalCdf, normalQuantile, trigamma } from './specialFunctions.js';

/** What is known of a family of distributions with a fixed number of parameters. */
export interface Family {
  readonly names: readonly string[];
  /** The parameters of the largest likelihood for weighted sizes above 0. */
  readonly fit: (sizes: Float64Array, weights: Float64Array) => number[];
  /** Logarithm of the density. */
  readonly logDensity: (x: number, parameters: readonly number[]) => number;
  readonly cdf: (x: number, parameters: readonly number[]) => number;
  readonly quantile: (share: number, parameters: readonly number[]) => number;
}

const HALF_LOG_2PI = 0.9189385332046728;

function weightedMean(values: ArrayLike<number>, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]! * values[i]!;
    total += weights[i]!;
  }
  return sum / total;
}

function normalFit(values: Float64Array, weights: Float64Array): number[] {
  const mean = weightedMean(values, weights);
  return [
    mean,
    Math.sqrt(
      weightedMean(
        values.map((value) => (value - mean) ** 2),
        weights,
      ),
    ),
  ];
}

/** Normal: mean and standard deviation. */
export function normalFamily(): Family {
  return {
    names: ['mean', 'standardDeviation'],
    fit: normalFit,
    logDensity: (x, [mean, sd]) => -0.5 * ((x - mean!) / sd!) ** 2 - log(sd!) - HALF_LOG_2PI,
    cdf: (x, [mean, sd]) => normalCdf((x - mean!) / sd!),
    quantile: (share, [mean, sd]) => mean! + sd! * normalQuantile(share),
  };
}

/** Log-normal: mean and standard deviation of the logarithms. */
export function lognormalFamily(): Family {
  return {
    names: ['mu', 'sigma'],
    fit: (sizes, weights) => normalFit(sizes.map(log), weights),
    logDensity: (x, [mu, sigma]) =>
      x > 0 ? -0.5 * ((log(x) - mu!) / sigma!) ** 2 - log(sigma! * x) - HALF_LOG_2PI : Number.NEGATIVE_INFINITY,
    cdf: (x, [mu, sigma]) => (x > 0 ? normalCdf((log(x) - mu!) / sigma!) : 0),
    quantile: (share, [mu, sigma]) => exp(mu! + sigma! * normalQuantile(share)),
  };
}

/** Weibull: shape k and scale; 1 - exp(-(x / scale) ** k). */
export function weibullFamily(): Family {
  return {
    names: ['shape', 'scale'],
    fit: (sizes, weights) => {
      const logs = sizes.map(log);
      const meanLog = weightedMean(logs, weights);
      const largest = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
      // Powers relative to the largest size, so that none overflows.
      const powers = (k: number) => logs.map((value) => exp(k * (value - largest)));
      const slope = (k: number) => {
        const terms = powers(k);
        const moment = weightedMean(
          terms.map((term, i) => term * logs[i]!),
          weights,
        );
        return moment / weightedMean(terms, weights) - 1 / k - meanLog;
      };
      let high = 1;
      while (slope(high) < 0 && high < 1e6) high *= 2;
      const shape = bisect(slope, high / 2 ** 20, high);
      return [shape, exp(largest + log(weightedMean(powers(shape), weights)) / shape)];
    },
    logDensity: (x, [k, scale]) => {
      if (x <= 0) return Number.NEGATIVE_INFINITY;
      const ratio = log(x / scale!);
      return log(k! / scale!) + (k! - 1) * ratio - exp(k! * ratio);
    },
    cdf: (x, [k, scale]) => (x > 0 ? 1 - exp(-exp(k! * log(x / scale!))) : 0),
    quantile: (share, [k, scale]) => scale! * exp(log(-log(1 - share)) / k!),
  };
}

/** Gamma: shape and scale. */
export function gammaFamily(): Family {
  const cdf = (x: number, [shape, scale]: readonly number[]) => (x > 0 ? gammaP(shape!, x / scale!) : 0);
  return {
    names: ['shape', 'scale'],
    fit: (sizes, weights) => {
      const mean = weightedMean(sizes, weights);
      const gap = log(mean) - weightedMean(sizes.map(log), weights);
      // Minka (2002): a good start, then Newton's method on log(k) - digamma(k) = gap.
      let shape = (3 - gap + Math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap);
      for (let i = 0; i < 100; i++) {
        const step = (log(shape) - digamma(shape) - gap) / (1 / shape - trigamma(shape));
        const next = Math.max(shape / 2, shape - step);
        if (Math.abs(next - shape) <= 1e-14 * shape) break;
        shape = next;
      }
      return [shape, mean / shape];
    },
    logDensity: (x, [shape, scale]) =>
      x > 0 ? (shape! - 1) * log(x) - x / scale! - shape! * log(scale!) - logGamma(shape!) : Number.NEGATIVE_INFINITY,
    cdf,
    quantile: (share, parameters) => {
      let high = parameters[0]! * parameters[1]! + 1e-300;
      while (cdf(high, parameters) < share) high *= 2;
      return bisect((x) => cdf(x, parameters) - share, 0, high);
    },
  };
}

/** A mixture of log-normals: share, mu and sigma of each, by ascending mu. */
export function mixtureFamily(components: number): Family {
  const single = lognormalFamily();
  const parts = (parameters: readonly number[]) =>
    Array.from({ length: components }, (_, c) => ({
      share: parameters[3 * c]!,
      own: [parameters[3 * c + 1]!, parameters[3 * c + 2]!],
    }));
  const cdf = (x: number, parameters: readonly number[]) =>
    parts(parameters).reduce((sum, { share, own }) => sum + share * single.cdf(x, own), 0);
  return {
    names: Array.from({ length: components }, (_, c) => [`share${c + 1}`, `mu${c + 1}`, `sigma${c + 1}`]).flat(),
    fit: (sizes, weights) => mixtureFit(sizes.map(log), weights, components),
    logDensity: (x, parameters) => {
      const terms = parts(parameters).map(({ share, own }) => log(share) + single.logDensity(x, own));
      const most = Math.max(...terms);
      return most === Number.NEGATIVE_INFINITY ? most : most + log(terms.reduce((sum, t) => sum + exp(t - most), 0));
    },
    cdf,
    quantile: (share, parameters) => {
      let high = exp(parameters[3 * components - 2]!);
      while (cdf(high, parameters) < share) high *= 2;
      return bisect((x) => cdf(x, parameters) - share, 0, high);
    },
  };
}

/**
 * Expectation and maximisation (Dempster, Laird and Rubin 1977) from equal slices of the sorted logarithms. A component's
 * variance stays above a thousandth of that of all: a peak on a single size has no largest likelihood.
 */
function mixtureFit(logs: Float64Array, weights: Float64Array, components: number): number[] {
  const count = logs.length;
  const order = Array.from(logs.keys()).sort((a, b) => logs[a]! - logs[b]!);
  const [, spread] = normalFit(logs, weights) as [number, number];
  const floor = Math.max(1e-12, (spread * spread) / 1000);
  const parts = Array.from({ length: components }, (_, c) => {
    const slice = order.slice(Math.floor((c * count) / components), Math.floor(((c + 1) * count) / components));
    const [mu, sigma] = normalFit(
      Float64Array.from(slice, (i) => logs[i]!),
      Float64Array.from(slice, (i) => weights[i]!),
    ) as [number, number];
    return { share: 1 / components, mu, variance: Math.max(floor, sigma * sigma) };
  });
  const duties = parts.map(() => new Float64Array(count));
  let before = Number.NEGATIVE_INFINITY;
  for (let iteration = 0; iteration < 2000; iteration++) {
    let likelihood = 0;
    for (let i = 0; i < count; i++) {
      const terms = parts.map(
        ({ share, mu, variance }) => log(share) - 0.5 * (log(variance) + (logs[i]! - mu) ** 2 / variance),
      );
      const most = Math.max(...terms);
      const sum = terms.reduce((total, term) => total + exp(term - most), 0);
      likelihood += weights[i]! * (most + log(sum));
      terms.forEach((term, c) => {
        duties[c]![i] = (weights[i]! * exp(term - most)) / sum;
      });
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    parts.forEach((part, c) => {
      const duty = duties[c]!;
      const own = duty.reduce((sum, value) => sum + value, 0);
      part.share = Math.max(1e-12, own / total);
      part.mu = weightedMean(logs, duty);
      part.variance = Math.max(
        floor,
        weightedMean(
          logs.map((value) => (value - part.mu) ** 2),
          duty,
        ),
      );
    });
    if (likelihood - before < 1e-12 * Math.abs(likelihood)) break;
    before = likelihood;
  }
  return parts.sort((a, b) => a.mu - b.mu).flatMap(({ share, mu, variance }) => [share, mu, Math.sqrt(variance)]);
}
