import { requireKnownOptions, requireNumber } from '../core/check.js';
import { nearPairs, type SortedFrame, sortFrame } from './nearPairs.js';
import type { Particle } from './particle.js';

/** Options of {@link estimateDrift}. */
export interface EstimateDriftOptions {
  /** Largest drift looked for, in the unit of the particles, along rows and columns. */
  readonly maxDistance: number;
}

/**
 * Returns the common motion of particles from one frame to the next, `[row, column]` in their unit. Steps between all pairs
 * within reach vote; the densest places of the votes, looked at sharply and broadly, are tried. From each, particles that are
 * each other's nearest are paired and the median of their steps taken anew until it stays; the place that leaves particles
 * nearest to their next ones wins. Particles that come, go or move on their own cancel out.
 *
 * @throws RangeError where `maxDistance` is not above 0.
 *
 * @example
 * ```ts
 * const at = (column: number) => measureParticles(createLabels(Array.from({ length: 9 }, (_, i) => (i === column ? 1 : 0)), [1, 9]));
 * estimateDrift(at(2), at(4), { maxDistance: 3 }); // [0, 2]
 * ```
 */
export function estimateDrift(
  before: readonly Particle[],
  now: readonly Particle[],
  options: EstimateDriftOptions,
): [row: number, column: number] {
  requireKnownOptions('estimateDrift', options, ['maxDistance']);
  const { maxDistance } = options;
  requireNumber('maxDistance', maxDistance, { above: 0 });
  const [first, second] = [sortFrame(before), sortFrame(now)];
  const votes = nearPairs(first, second, { reach: Math.SQRT2 * maxDistance }).filter(
    ({ row, column }) => Math.abs(row) <= maxDistance && Math.abs(column) <= maxDistance,
  );
  if (votes.length === 0) return [0, 0];
  let best: Step = [0, 0];
  let least = Number.POSITIVE_INFINITY;
  for (const share of [0.1, 0.3, 0.6]) {
    const { drift, cost } = settle(first, second, densest(votes, share * maxDistance), maxDistance);
    // By rounding alone nothing wins over what was found more sharply.
    if (cost < least * (1 - 1e-9)) {
      least = cost;
      best = drift;
    }
  }
  return best;
}

type Step = [row: number, column: number];

interface Vote {
  readonly row: number;
  readonly column: number;
}

/** The median of the votes in and around the square cell of side `cell` that, with its neighbours, holds most. */
function densest(votes: readonly Vote[], cell: number): Step {
  const counts = new Map<number, number>();
  // Cells lie within a few of the middle: sides of votes are at most ten cells from it.
  const key = (y: number, x: number) => (y + 32) * 64 + x + 32;
  for (const { row, column } of votes) {
    // Neighbouring cells count too, so that a peak on the line between two is not halved.
    for (let j = -1; j <= 1; j++) {
      for (let i = -1; i <= 1; i++) {
        const at = key(Math.round(row / cell) + j, Math.round(column / cell) + i);
        counts.set(at, (counts.get(at) ?? 0) + 1);
      }
    }
  }
  let best: Step = [0, 0];
  let most = 0;
  for (const [at, count] of counts) {
    const y = Math.floor(at / 64) - 32;
    const x = (at % 64) - 32;
    if (count > most || (count === most && y * y + x * x < best[0] ** 2 + best[1] ** 2)) {
      most = count;
      best = [y, x];
    }
  }
  return medianStep(
    votes.filter(
      ({ row, column }) =>
        Math.abs(Math.round(row / cell) - best[0]) <= 1 && Math.abs(Math.round(column / cell) - best[1]) <= 1,
    ),
  );
}

/** The median step of particles that are each other's nearest, from a first drift until it stays, and the mean square left. */
function settle(before: SortedFrame, now: SortedFrame, first: Step, reach: number): { drift: Step; cost: number } {
  let drift = first;
  for (let round = 0; ; round++) {
    const pairs = nearPairs(before, now, { reach, drift });
    const forward = nearestBy(pairs, 'from');
    const backward = nearestBy(pairs, 'to');
    const mutual = [...forward.values()].filter((pair) => backward.get(pair.to) === pair);
    const next = mutual.length === 0 ? drift : medianStep(mutual);
    const moved = Math.max(Math.abs(next[0] - drift[0]), Math.abs(next[1] - drift[1]));
    if (round === 20 || moved <= 1e-3 * reach) {
      let cost = reach * reach * (before.order.length - forward.size);
      for (const pair of forward.values()) cost += pair.distance * pair.distance;
      return { drift: next, cost };
    }
    drift = next;
  }
}

function nearestBy<T extends { from: number; to: number; distance: number }>(
  pairs: readonly T[],
  end: 'from' | 'to',
): Map<number, T> {
  const nearest = new Map<number, T>();
  for (const pair of pairs) {
    const other = nearest.get(pair[end]);
    if (other === undefined || pair.distance < other.distance) nearest.set(pair[end], pair);
  }
  return nearest;
}

function medianStep(steps: readonly Vote[]): Step {
  const median = (values: number[]) => {
    values.sort((a, b) => a - b);
    return (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2;
  };
  return [median(steps.map(({ row }) => row)), median(steps.map(({ column }) => column))];
}
