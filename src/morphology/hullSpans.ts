import type { Hull } from './regionHull.js';

/** The longest and the smallest span of a hull, lengths in the unit of the pixels' edges, by places of its vertices. */
export interface HullSpans {
  /** Longest distance between two vertices, and which: the maximum Feret diameter. */
  readonly longest: number;
  readonly from: number;
  readonly to: number;
  /** Smallest distance of two parallel lines with the hull between them, and the vertex where the edge on one begins. */
  readonly narrowest: number;
  readonly edge: number;
}

/**
 * Measures a hull by rotating calipers (Shamos 1978): on the way around, the vertex farthest from each edge only moves on,
 * and the two vertices farthest from each other meet. What is compared are integers, so parallel edges are known as such.
 */
export function hullSpans({ rows, columns, count }: Hull, rowSize: number, columnSize: number): HullSpans {
  let square = -1;
  let from = 0;
  let to = 0;
  let narrowest = Number.POSITIVE_INFINITY;
  let edge = 0;
  let far = 1;
  for (let a = 0; a < count; a++) {
    const b = a + 1 === count ? 0 : a + 1;
    const row = rows[a]!;
    const column = columns[a]!;
    const y = rows[b]! - row;
    const x = columns[b]! - column;
    let height = Math.abs(y * (columns[far]! - column) - x * (rows[far]! - row));
    for (;;) {
      const down = (rows[far]! - row) * rowSize;
      const across = (columns[far]! - column) * columnSize;
      const length = down * down + across * across;
      if (length >= square) {
        // Of equal ones that whose second vertex comes first.
        const first = Math.min(a, far);
        const second = Math.max(a, far);
        if (length > square || second < to || (second === to && first < from)) {
          square = length;
          from = first;
          to = second;
        }
      }
      const next = far + 1 === count ? 0 : far + 1;
      const other = Math.abs(y * (columns[next]! - column) - x * (rows[next]! - row));
      if (other < height || next === a) break;
      height = other;
      far = next;
    }
    const base = y * rowSize * y * rowSize + x * columnSize * x * columnSize;
    const width = (height * height) / base;
    if (width < narrowest) {
      narrowest = width;
      edge = a;
    }
  }
  return {
    longest: Math.sqrt(square) / 2,
    from,
    to,
    narrowest: (Math.sqrt(narrowest) * rowSize * columnSize) / 2,
    edge,
  };
}

/** Angle of the longest span. */
export function longestAngle(
  { rows, columns }: Hull,
  { from, to }: HullSpans,
  rowSize: number,
  columnSize: number,
): number {
  return axisAngle((rows[to]! - rows[from]!) * rowSize, (columns[to]! - columns[from]!) * columnSize);
}

/** Angle of the smallest span: across its edge. */
export function narrowestAngle(
  { rows, columns, count }: Hull,
  { edge }: HullSpans,
  rowSize: number,
  columnSize: number,
): number {
  const b = edge + 1 === count ? 0 : edge + 1;
  return axisAngle((columns[edge]! - columns[b]!) * columnSize, (rows[b]! - rows[edge]!) * rowSize);
}

/** The angle from the row axis of an axis through a step, in (-pi/2, pi/2]. */
export function axisAngle(row: number, column: number): number {
  if (row === 0) return Math.PI / 2;
  return Math.atan(column / row);
}
