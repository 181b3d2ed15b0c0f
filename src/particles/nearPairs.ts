import type { Particle } from './particle.js';

/** A particle, one of the next frame, the step between them, and how far it ends from where the drift leads. */
export interface NearPair {
  readonly from: number;
  readonly to: number;
  readonly row: number;
  readonly column: number;
  readonly distance: number;
}

/** The particles of a frame by ascending row, so that neighbours are found in a band. */
export interface SortedFrame {
  readonly order: readonly number[];
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/** Sorts a frame for {@link nearPairs}. */
export function sortFrame(frame: readonly Particle[]): SortedFrame {
  const order = frame.map((_, i) => i).sort((a, b) => frame[a]!.centroidPhysical[0] - frame[b]!.centroidPhysical[0]);
  return {
    order,
    rows: Float64Array.from(order, (i) => frame[i]!.centroidPhysical[0]),
    columns: Float64Array.from(order, (i) => frame[i]!.centroidPhysical[1]),
  };
}

/** Pairs of particles of neighbouring frames at most `reach` apart after the drift, found by bands of rows. */
export function nearPairs(
  before: SortedFrame,
  now: SortedFrame,
  { reach, drift: [down, right] = [0, 0] }: { reach: number; drift?: readonly [number, number] },
): NearPair[] {
  const pairs: NearPair[] = [];
  // Both frames ascend, so the band only moves on.
  let low = 0;
  before.order.forEach((from, i) => {
    const y = before.rows[i]!;
    const x = before.columns[i]!;
    while (low < now.rows.length && now.rows[low]! < y + down - reach) low++;
    for (let k = low; k < now.rows.length && now.rows[k]! <= y + down + reach; k++) {
      const column = now.columns[k]! - x;
      if (Math.abs(column - right) > reach) continue;
      const row = now.rows[k]! - y;
      const square = (row - down) ** 2 + (column - right) ** 2;
      if (square <= reach * reach) pairs.push({ from, to: now.order[k]!, row, column, distance: Math.sqrt(square) });
    }
  });
  return pairs;
}
