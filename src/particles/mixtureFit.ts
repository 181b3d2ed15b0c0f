import { exp, log } from '../core/math.js';
import { normalFit } from './weightedStatistics.js';

interface Part {
  share: number;
  mu: number;
  variance: number;
}

/**
 * A mixture of normals of the largest likelihood for weighted values: share, mean and standard deviation of each part, by
 * ascending mean. Expectation and maximisation (Dempster, Laird and Rubin 1977) from several starts, of which the best end
 * counts. A part's variance stays above a thousandth of that of all: a peak on a single value has no largest likelihood.
 */
export function mixtureFit(
  values: Float64Array,
  weights: Float64Array,
  components: number,
  start?: readonly number[],
): number[] {
  const [, spread] = normalFit(values, weights) as [number, number];
  const floor = Math.max(1e-300, (spread * spread) / 1000);
  if (start !== undefined) {
    const parts = Array.from({ length: components }, (_, c) => ({
      share: start[3 * c]!,
      mu: start[3 * c + 1]!,
      variance: Math.max(floor, start[3 * c + 2]! ** 2),
    }));
    climb(values, weights, parts, { floor, steps: 300, least: 1e-7 });
    return listed(parts);
  }
  // A few steps tell which starts lead high; those go all the way.
  const tried = startsOf(values, weights, components, floor).map((parts) => ({
    parts,
    likelihood: climb(values, weights, parts, { floor, steps: 40, least: 1e-6 }),
  }));
  const finalists = tried.sort((a, b) => b.likelihood - a.likelihood).slice(0, 3);
  let best: Part[] = [];
  let most = Number.NEGATIVE_INFINITY;
  for (const { parts } of finalists) {
    const likelihood = climb(values, weights, parts, { floor, steps: 2000, least: 1e-10 });
    if (likelihood > most) {
      most = likelihood;
      best = parts;
    }
  }
  return listed(best);
}

function listed(parts: Part[]): number[] {
  return parts.sort((a, b) => a.mu - b.mu).flatMap(({ share, mu, variance }) => [share, mu, Math.sqrt(variance)]);
}

/** Slices of the sorted values: equal ones, ones with a small part at each place, and parts that lie within one another. */
function startsOf(values: Float64Array, weights: Float64Array, components: number, floor: number): Part[][] {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sliced = (shares: readonly number[]): Part[] => {
    let at = 0;
    let passed = 0;
    return shares.map((share, c) => {
      passed += share;
      const left = shares.length - 1 - c;
      const end = left === 0 ? order.length : Math.min(order.length - left, Math.round(passed * order.length));
      const slice = order.slice(at, Math.max(at + 1, end));
      at += slice.length;
      const [mu, sigma] = normalFit(
        Float64Array.from(slice, (i) => values[i]!),
        Float64Array.from(slice, (i) => weights[i]!),
      ) as [number, number];
      const own = slice.reduce((sum, i) => sum + weights[i]!, 0);
      return { share: own / total, mu, variance: Math.max(floor, sigma * sigma) };
    });
  };
  const equal = new Array<number>(components).fill(1 / components);
  const uneven = equal.flatMap((_, small) =>
    [0.1, 0.25].map((share) => equal.map((_, c) => (c === small ? share : (1 - share) / (components - 1)))),
  );
  const [mu, sigma] = normalFit(values, weights) as [number, number];
  const nested = equal.map((share, c) => ({ share, mu, variance: Math.max(floor, (sigma * 2 ** (1 - 2 * c)) ** 2) }));
  return [equal, ...uneven].map(sliced).concat([nested]);
}

/** Climbs towards the next peak of the likelihood, in place, until a step gains less than `least` a value. */
function climb(
  values: Float64Array,
  weights: Float64Array,
  parts: Part[],
  { floor, steps, least }: { floor: number; steps: number; least: number },
): number {
  const count = values.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const duties = parts.map(() => new Float64Array(count));
  const terms = new Float64Array(parts.length);
  let before = Number.NEGATIVE_INFINITY;
  for (let iteration = 0; iteration < steps; iteration++) {
    const heights = parts.map(({ share, variance }) => log(share) - 0.5 * log(variance));
    let likelihood = 0;
    for (let i = 0; i < count; i++) {
      let most = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < parts.length; c++) {
        const { mu, variance } = parts[c]!;
        terms[c] = heights[c]! - (0.5 * (values[i]! - mu) * (values[i]! - mu)) / variance;
        most = Math.max(most, terms[c]!);
      }
      let sum = 0;
      for (let c = 0; c < parts.length; c++) {
        terms[c] = exp(terms[c]! - most);
        sum += terms[c]!;
      }
      likelihood += weights[i]! * (most + log(sum));
      for (let c = 0; c < parts.length; c++) duties[c]![i] = (weights[i]! * terms[c]!) / sum;
    }
    if (likelihood - before < least * total) return likelihood;
    before = likelihood;
    parts.forEach((part, c) => {
      const duty = duties[c]!;
      const own = duty.reduce((sum, value) => sum + value, 0);
      part.share = Math.max(1e-12, own / total);
      // A part that nothing falls to stays where it is.
      if (!(own > 0)) return;
      const [mu, sigma] = normalFit(values, duty) as [number, number];
      part.mu = mu;
      part.variance = Math.max(floor, sigma * sigma);
    });
  }
  return before;
}
