import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Particle } from './particle.js';

/** Options of {@link estimateDrift}. */
export interface EstimateDriftOptions {
  /** Largest drift looked for, in the unit of the particles, along rows and columns. */
  readonly maxDistance: number;
}

/**
 * Returns the common motion of particles from one frame to the next, `[row, column]` in their unit: steps between all pairs
 * within reach vote, the densest place of the votes wins, and the median of the votes around it is taken. Particles that
 * come, go or move on their own cast scattered votes.
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
  const votes: Array<[row: number, column: number]> = [];
  const order = [...now].sort((a, b) => a.centroidPhysical[0] - b.centroidPhysical[0]);
  for (const { centroidPhysical } of before) {
    const [row, column] = centroidPhysical;
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order[middle]!.centroidPhysical[0] < row - maxDistance) low = middle + 1;
      else high = middle;
    }
    for (let k = low; k < order.length && order[k]!.centroidPhysical[0] <= row + maxDistance; k++) {
      const [y, x] = order[k]!.centroidPhysical;
      if (Math.abs(x - column) <= maxDistance) votes.push([y - row, x - column]);
    }
  }
  if (votes.length === 0) return [0, 0];
  const cell = maxDistance / 10;
  const counts = new Map<string, number>();
  const place = ([row, column]: readonly [number, number]) =>
    [Math.round(row / cell), Math.round(column / cell)] as const;
  for (const vote of votes) {
    const [y, x] = place(vote);
    // Neighbouring cells count too, so that a peak on the line between two is not halved.
    for (let j = -1; j <= 1; j++) {
      for (let i = -1; i <= 1; i++) {
        const key = `${y + j} ${x + i}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
  let best = [0, 0];
  let most = 0;
  for (const [key, count] of counts) {
    const at = key.split(' ').map(Number);
    const nearer = at[0]! ** 2 + at[1]! ** 2 < best[0]! ** 2 + best[1]! ** 2;
    if (count > most || (count === most && nearer)) {
      most = count;
      best = at;
    }
  }
  const around = votes.filter((vote) => {
    const [y, x] = place(vote);
    return Math.abs(y - best[0]!) <= 1 && Math.abs(x - best[1]!) <= 1;
  });
  const median = (axis: 0 | 1) => {
    const values = around.map((vote) => vote[axis]).sort((a, b) => a - b);
    return (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2;
  };
  return [median(0), median(1)];
}
