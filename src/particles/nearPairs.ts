import type { Particle } from './particle.js';

/** A particle, one of the next frame, the step between them, and how far it ends from where the drift leads. */
export interface NearPair {
  readonly from: number;
  readonly to: number;
  readonly row: number;
  readonly column: number;
  readonly distance: number;
}

/** Pairs of particles of neighbouring frames at most `reach` apart after the drift, found by bands of rows. */
export function nearPairs(
  before: readonly Particle[],
  now: readonly Particle[],
  { reach, drift: [down, right] = [0, 0] }: { reach: number; drift?: readonly [number, number] },
): NearPair[] {
  const order = now.map((_, i) => i).sort((a, b) => now[a]!.centroidPhysical[0] - now[b]!.centroidPhysical[0]);
  const rows = Float64Array.from(order, (i) => now[i]!.centroidPhysical[0]);
  const columns = Float64Array.from(order, (i) => now[i]!.centroidPhysical[1]);
  const pairs: NearPair[] = [];
  before.forEach(({ centroidPhysical: [y, x] }, from) => {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle]! < y + down - reach) low = middle + 1;
      else high = middle;
    }
    for (let k = low; k < order.length && rows[k]! <= y + down + reach; k++) {
      const row = rows[k]! - y;
      const column = columns[k]! - x;
      const square = (row - down) ** 2 + (column - right) ** 2;
      if (square <= reach * reach) pairs.push({ from, to: order[k]!, row, column, distance: Math.sqrt(square) });
    }
  });
  return pairs;
}
