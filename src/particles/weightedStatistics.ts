import { exp, log } from '../core/math.js';

/** What each size counts for: itself, its area or its volume. */
export type Weighting = 'number' | 'area' | 'volume';

/** Ascending sizes and what each counts for. */
export interface WeightedSizes {
  readonly sorted: Float64Array;
  /** Above or equal 0; how often a particle counts, before its area or volume. */
  readonly weights: Float64Array;
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
  const sizes: number[] = [];
  const sums: number[] = [];
  const parts: number[] = [];
  let sum = 0;
  for (let i = 0; i < sorted.length; i++) {
    const part = weights[i]! * sorted[i]! ** power;
    if (part <= 0) continue;
    sum += part;
    sizes.push(sorted[i]!);
    sums.push(sum);
    parts.push(part);
  }
  const count = sizes.length;
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

/** Sums of weight times size to the powers 0 to 4. */
export function powerSums({ sorted, weights }: WeightedSizes): [number, number, number, number, number] {
  const sums: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (let i = 0; i < sorted.length; i++) {
    let term = weights[i]!;
    for (let p = 0; p < 5; p++) {
      sums[p]! += term;
      term *= sorted[i]!;
    }
  }
  return sums;
}

/** Moments of sizes that count by number, area or volume. */
export interface Moments {
  readonly mean: number;
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
export function momentsOf({ sorted, weights }: WeightedSizes, weighting: Weighting): Moments {
  const power = weightingPower(weighting);
  const parts = weights.map((weight, i) => weight * sorted[i]! ** power);
  let sum = 0;
  let squares = 0;
  let mean = 0;
  let meanLog = 0;
  for (let i = 0; i < parts.length; i++) {
    sum += parts[i]!;
    squares += parts[i]! * parts[i]!;
    mean += parts[i]! * sorted[i]!;
    meanLog += parts[i]! * log(sorted[i]!);
  }
  mean /= sum;
  meanLog /= sum;
  let second = 0;
  let third = 0;
  let secondLog = 0;
  for (let i = 0; i < parts.length; i++) {
    const deviation = sorted[i]! - mean;
    second += parts[i]! * deviation * deviation;
    third += parts[i]! * deviation * deviation * deviation;
    const deviationLog = log(sorted[i]!) - meanLog;
    secondLog += parts[i]! * deviationLog * deviationLog;
  }
  second /= sum;
  third /= sum;
  secondLog /= sum;
  const effectiveCount = (sum * sum) / squares;
  // Rounding must not make two of one.
  const correction = effectiveCount > 1 + 1e-9 ? effectiveCount / (effectiveCount - 1) : Number.NaN;
  return {
    mean,
    standardDeviation: Math.sqrt(second * correction),
    skew: second > 0 ? third / second ** 1.5 : Number.NaN,
    geometricMean: exp(meanLog),
    geometricStandardDeviation: exp(Math.sqrt(secondLog * correction)),
    effectiveCount,
  };
}
