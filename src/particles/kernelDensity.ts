import { exp } from '../core/math.js';
import { type Moments, scaleOf, type WeightedSizes, type Weighting, weightingPower } from './weightedStatistics.js';

/** How the width of the kernel follows from the sizes; the factors are those of SciPy's `gaussian_kde`. */
export type BandwidthRule = 'scott' | 'silverman';

/** Standard deviation of the kernel; `NaN` where sizes do not spread. */
export function bandwidthOf({ effectiveCount, standardDeviation }: Moments, rule: BandwidthRule): number {
  const factor = rule === 'scott' ? effectiveCount ** -0.2 : (effectiveCount * 0.75) ** -0.2;
  return standardDeviation > 0 ? standardDeviation * factor : Number.NaN;
}

/** The density of sizes at points, as a mean of normal distributions around each size. */
export function densityAt(
  { sorted, weights }: WeightedSizes,
  weighting: Weighting,
  bandwidth: number,
  points: ArrayLike<number>,
): Float64Array {
  const power = weightingPower(weighting);
  const unit = scaleOf(sorted);
  const parts = weights.map((weight, i) => weight * (sorted[i]! / unit) ** power);
  const sum = parts.reduce((total, part) => total + part, 0);
  const scale = 1 / (sum * bandwidth * Math.sqrt(2 * Math.PI));
  return Float64Array.from(points, (x) => {
    let density = 0;
    for (let i = 0; i < sorted.length; i++) {
      const z = (x - sorted[i]!) / bandwidth;
      if (z > -39 && z < 39) density += parts[i]! * exp(-0.5 * z * z);
    }
    return density * scale;
  });
}

/** The place of the highest density on a grid of 128 steps, sizes shared out to their two nearest points; refined by a parabola. */
export function modeOf({ sorted, weights }: WeightedSizes, weighting: Weighting, moments: Moments): number {
  const count = sorted.length;
  if (count === 0) return Number.NaN;
  const low = sorted[0]!;
  const high = sorted[count - 1]!;
  const bandwidth = bandwidthOf(moments, 'scott');
  if (!(bandwidth > 0)) return low === high ? low : Number.NaN;
  const steps = 128;
  const step = (high - low) / steps;
  const power = weightingPower(weighting);
  const unit = scaleOf(sorted);
  const shares = new Float64Array(steps + 1);
  for (let i = 0; i < count; i++) {
    const at = (sorted[i]! - low) / step;
    const k = Math.min(steps - 1, Math.floor(at));
    const part = weights[i]! * (sorted[i]! / unit) ** power;
    shares[k]! += part * (1 - (at - k));
    shares[k + 1]! += part * (at - k);
  }
  const reach = Math.min(steps, Math.ceil((5 * bandwidth) / step));
  const kernel = Float64Array.from({ length: reach + 1 }, (_, k) => exp(-0.5 * ((k * step) / bandwidth) ** 2));
  const density = Float64Array.from(shares, (_, x) => {
    let sum = 0;
    for (let k = Math.max(0, x - reach); k <= Math.min(steps, x + reach); k++)
      sum += shares[k]! * kernel[Math.abs(k - x)]!;
    return sum;
  });
  let best = 0;
  for (let k = 1; k <= steps; k++) if (density[k]! > density[best]!) best = k;
  const before = density[Math.max(0, best - 1)]!;
  const after = density[Math.min(steps, best + 1)]!;
  const curve = before - 2 * density[best]! + after;
  const shift = best === 0 || best === steps || curve >= 0 ? 0 : (before - after) / (2 * curve);
  return low + (best + shift) * step;
}
