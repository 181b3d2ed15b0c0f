import { exp, log } from '../core/math.js';

/** What each size counts for: itself, its area or its volume. */
export type Weighting = 'number' | 'area' | 'volume';

/** Ascending sizes and what each counts for. */
export interface WeightedSizes {
  readonly sorted: Float64Array;
  /** Above or equal 0; how often a particle counts, before its area or volume. */
  readonly weights: Float64Array;
  /** Natural logarithms of the sizes, where they are at hand. */
  readonly logs?: Float64Array;
}

/** The power of the size that a weighting stands for. */
export function weightingPower(weighting: Weighting): number {
  return weighting === 'number' ? 0 : weighting === 'area' ? 2 : 3;
}

/**
 * Quantiles of weighted sizes. By number they interpolate between neighbours so that with equal weights they are NumPy's
 * (type 7). By area or volume they are read off the cumulative curve through (size, share at or below), the rule of
 * sieve curves.
 */
export function quantileReader({ sorted, weights }: WeightedSizes, weighting: Weighting): (share: number) => number {
  const power = weightingPower(weighting);
  const scale = scaleOf(sorted);
  const sizes = new Float64Array(sorted.length);
  const sums = new Float64Array(sorted.length);
  const parts = new Float64Array(sorted.length);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    const part = weights[i]! * (sorted[i]! / scale) ** power;
    if (part <= 0) continue;
    sum += part;
    sizes[count] = sorted[i]!;
    sums[count] = sum;
    parts[count] = part;
    count++;
  }
  if (count === 0) return () => Number.NaN;
  const first = parts[0]!;
  const last = parts[count - 1]!;
  const span = 2 * sum - first - last;
  const place = (k: number) => (power > 0 ? sums[k]! / sum : span > 0 ? (2 * sums[k]! - parts[k]! - first) / span : 0);
  return (share) => {
    if (count === 1 || share <= place(0)) return sizes[0]!;
    if (share >= place(count - 1)) return sizes[count - 1]!;
    let low = 0;
    let high = count - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (place(middle) <= share) low = middle;
      else high = middle;
    }
    const from = place(low);
    const width = place(high) - from;
    return sizes[low]! + (width > 0 ? ((share - from) / width) * (sizes[high]! - sizes[low]!) : 0);
  };
}

/**
 * A power of two near the largest size: sizes over it lose no digit, and their powers do not overflow. 1 without sizes.
 */
export function scaleOf(sorted: Float64Array): number {
  const largest = sorted[sorted.length - 1] ?? 0;
  return largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1;
}

/** Moments of sizes that count by number, area or volume. */
export interface Moments {
  readonly mean: number;
  /** Sum of fourth over sum of third powers, and of third over second, whatever the weighting. */
  readonly d43: number;
  readonly d32: number;
  /** With n - 1 in place of n, n being the effective number; `NaN` below two. */
  readonly standardDeviation: number;
  /** Third central moment over the 1.5th power of the second, both over n. */
  readonly skew: number;
  readonly geometricMean: number;
  /** exp of the standard deviation of the logarithms, with n - 1. */
  readonly geometricStandardDeviation: number;
  /** (sum of weights) ^ 2 / sum of their squares: as many equal weights would say as much. */
  readonly effectiveCount: number;
}

/** Computes moments. */
export function momentsOf({ sorted, weights, logs }: WeightedSizes, weighting: Weighting): Moments {
  const power = weightingPower(weighting);
  const scale = scaleOf(sorted);
  const count = sorted.length;
  const parts = new Float64Array(count);
  const own = logs ?? sorted.map(log);
  let [sum, squares, mean, meanLog] = [0, 0, 0, 0];
  let [second2, third3, fourth4] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const size = sorted[i]! / scale;
    const area = weights[i]! * size * size;
    const part = power === 0 ? weights[i]! : power === 2 ? area : area * size;
    parts[i] = part;
    second2 += area;
    third3 += area * size;
    fourth4 += area * size * size;
    if (part === 0) continue;
    sum += part;
    squares += part * part;
    mean += part * size;
    meanLog += part * own[i]!;
  }
  mean /= sum;
  meanLog /= sum;
  let [second, third, secondLog] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const part = parts[i]!;
    if (part === 0) continue;
    const deviation = sorted[i]! / scale - mean;
    const deviationLog = own[i]! - meanLog;
    second += part * deviation * deviation;
    third += part * deviation * deviation * deviation;
    secondLog += part * deviationLog * deviationLog;
  }
  second /= sum;
  third /= sum;
  secondLog /= sum;
  const effectiveCount = (sum * sum) / squares;
  // Rounding must not make two of one.
  const correction = effectiveCount > 1 + 1e-9 ? effectiveCount / (effectiveCount - 1) : Number.NaN;
  return {
    mean: mean * scale,
    d32: (third3 / second2) * scale,
    d43: (fourth4 / third3) * scale,
    standardDeviation: Math.sqrt(second * correction) * scale,
    skew: second > 0 ? third / second ** 1.5 : Number.NaN,
    geometricMean: exp(meanLog),
    geometricStandardDeviation: exp(Math.sqrt(secondLog * correction)),
    effectiveCount,
  };
}

/** The mean of weighted values. */
export function weightedMean(values: ArrayLike<number>, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]! * values[i]!;
    total += weights[i]!;
  }
  return sum / total;
}

/** The normal distribution of the largest likelihood for weighted values: mean and standard deviation, the latter over n. */
export function normalFit(values: Float64Array, weights: Float64Array): number[] {
  const mean = weightedMean(values, weights);
  let squares = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    squares += weights[i]! * (values[i]! - mean) * (values[i]! - mean);
    total += weights[i]!;
  }
  return [mean, Math.sqrt(squares / total)];
}
