import { requireNumber, show } from '../core/check.js';
import type { Particle } from './particle.js';

/** Particles, or points `[row, column]` in one unit. */
export type Positions = readonly Particle[] | ReadonlyArray<readonly [row: number, column: number]>;

/** Rows and columns of positions: of particles their centres in the unit of their calibration. */
export function positionsOf(name: string, positions: Positions): { rows: Float64Array; columns: Float64Array } {
  if (!Array.isArray(positions as unknown)) throw new TypeError(`${name} must be an array, got ${show(positions)}.`);
  const rows = new Float64Array(positions.length);
  const columns = new Float64Array(positions.length);
  for (let i = 0; i < positions.length; i++) {
    const one = positions[i]!;
    const [row, column] = 'centroidPhysical' in one ? one.centroidPhysical : one;
    requireNumber(`${name}[${i}]`, row);
    requireNumber(`${name}[${i}]`, column);
    rows[i] = row;
    columns[i] = column;
  }
  return { rows, columns };
}

/**
 * Visits every pair of points at most `reach` apart, each once in either order. Points are sorted into square cells of that
 * side, so that a point looks at nine cells and not at all points.
 */
export function visitPairs(
  rows: Float64Array,
  columns: Float64Array,
  reach: number,
  visit: (i: number, j: number, distance: number) => void,
): void {
  const cells = new Map<string, number[]>();
  const key = (row: number, column: number) => `${Math.floor(row / reach)} ${Math.floor(column / reach)}`;
  for (let i = 0; i < rows.length; i++) {
    const name = key(rows[i]!, columns[i]!);
    const cell = cells.get(name);
    if (cell === undefined) cells.set(name, [i]);
    else cell.push(i);
  }
  for (let i = 0; i < rows.length; i++) {
    for (let y = -1; y <= 1; y++) {
      for (let x = -1; x <= 1; x++) {
        for (const j of cells.get(key(rows[i]! + y * reach, columns[i]! + x * reach)) ?? []) {
          if (i === j) continue;
          const row = rows[i]! - rows[j]!;
          const column = columns[i]! - columns[j]!;
          const distance = Math.sqrt(row * row + column * column);
          if (distance <= reach) visit(i, j, distance);
        }
      }
    }
  }
}
