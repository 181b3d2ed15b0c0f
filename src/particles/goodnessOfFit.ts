import { type Seed, toRandom } from '../core/random.js';
import type { Family } from './distributions.js';

/** The largest distance between the fitted and the observed cumulative curve (Kolmogorov and Smirnov). */
export function kolmogorov(
  family: Family,
  sorted: Float64Array,
  weights: Float64Array,
  values: readonly number[],
): number {
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

/** The share of samples of a fit, fitted anew, that lie at least as far from their own fit as `ks`. */
export function goodnessOfFit(
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
    if (kolmogorov(family, sample, ones, family.fit(sample, ones, values)) * scale >= ks) farther++;
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
