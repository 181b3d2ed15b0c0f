import { exp, log } from '../core/math.js';
import { mixtureFit } from './mixtureFit.js';
import {
  bisect,
  gammaP,
  logExcess,
  normalCdf,
  normalQuantile,
  stirlingGap,
  stirlingSlope,
} from './specialFunctions.js';
import { normalFit, weightedMean } from './weightedStatistics.js';

/** What is known of a family of distributions with a fixed number of parameters. */
export interface Family {
  readonly names: readonly string[];
  /** The parameters of the largest likelihood for weighted sizes above 0; a search begins at `start` where it is given. */
  readonly fit: (sizes: Float64Array, weights: Float64Array, start?: readonly number[]) => number[];
  /** Numbers that are free to change, each about as much as its scale for the curve to look different. */
  readonly free: (parameters: readonly number[]) => { values: number[]; scales: number[] };
  /** The parameters that free numbers stand for. */
  readonly complete: (free: readonly number[]) => number[];
  /** Logarithm of the density. */
  readonly logDensity: (x: number, parameters: readonly number[]) => number;
  readonly cdf: (x: number, parameters: readonly number[]) => number;
  readonly quantile: (share: number, parameters: readonly number[]) => number;
}

const HALF_LOG_2PI = 0.9189385332046728;

/** Normal: mean and standard deviation. */
export function normalFamily(): Family {
  return {
    names: ['mean', 'standardDeviation'],
    fit: normalFit,
    free: ([mean, sd]) => ({ values: [mean!, sd!], scales: [sd!, sd!] }),
    complete: (free) => [...free],
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
    free: ([mu, sigma]) => ({ values: [mu!, sigma!], scales: [sigma!, sigma!] }),
    complete: (free) => [...free],
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
    free: ([k, scale]) => ({ values: [k!, scale!], scales: [k!, scale! / k!] }),
    complete: (free) => [...free],
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
      // log(mean) - mean of the logarithms, without the difference of nearly equal numbers.
      const gap = weightedMean(
        sizes.map((size) => logExcess((size - mean) / mean)),
        weights,
      );
      // Minka (2002): a good start, then Newton's method on log(k) - digamma(k) = gap.
      let shape = (3 - gap + Math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap);
      for (let i = 0; i < 100; i++) {
        const { value, slope } = stirlingSlope(shape);
        const next = Math.max(shape / 2, shape - (value - gap) / slope);
        const moved = Math.abs(next - shape);
        shape = next;
        if (moved <= 1e-14 * shape) break;
      }
      return [shape, mean / shape];
    },
    // The mean in place of the scale, which hangs on the shape.
    free: ([shape, scale]) => ({
      values: [shape!, shape! * scale!],
      scales: [shape!, Math.sqrt(shape!) * scale!],
    }),
    complete: ([shape, mean]) => [shape!, mean! / shape!],
    logDensity: (x, [shape, scale]) => {
      if (x <= 0) return Number.NEGATIVE_INFINITY;
      const mean = shape! * scale!;
      return -log(x) - shape! * logExcess((x - mean) / mean) - stirlingGap(shape!);
    },
    cdf,
    quantile: (share, parameters) => {
      if (share === 1) return Number.POSITIVE_INFINITY;
      let high = parameters[0]! * parameters[1]!;
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
    fit: (sizes, weights, start) => mixtureFit(sizes.map(log), weights, components, start),
    // The last share is what the others leave.
    free: (parameters) => {
      const last = 3 * components - 3;
      const scales = parts(parameters).flatMap(({ share, own }) => [
        Math.max(1e-9, share * (1 - share)),
        own[1]!,
        own[1]!,
      ]);
      return {
        values: parameters.filter((_, k) => k !== last),
        scales: scales.filter((_, k) => k !== last),
      };
    },
    complete: (free) => {
      const last = 3 * components - 3;
      let rest = 1;
      for (let k = 0; k < last; k += 3) rest -= free[k]!;
      return [...free.slice(0, last), rest, ...free.slice(last)];
    },
    logDensity: (x, parameters) => {
      const terms = parts(parameters).map(({ share, own }) => log(share) + single.logDensity(x, own));
      const most = Math.max(...terms);
      return most === Number.NEGATIVE_INFINITY ? most : most + log(terms.reduce((sum, t) => sum + exp(t - most), 0));
    },
    cdf,
    quantile: (share, parameters) => {
      // The whole lies between the quantiles of its parts.
      const ends = parts(parameters).map(({ own }) => single.quantile(share, own));
      return bisect((x) => cdf(x, parameters) - share, Math.min(...ends), Math.max(...ends));
    },
  };
}
