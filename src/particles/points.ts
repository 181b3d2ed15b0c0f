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
  // Neighbours are found by whole numbers of cells: a coordinate plus the side of one may round into the cell after next.
  const down = rows.map((row) => Math.floor(row / reach));
  const right = columns.map((column) => Math.floor(column / reach));
  const lines = new Map<number, Map<number, number[]>>();
  for (let i = 0; i < rows.length; i++) {
    let line = lines.get(down[i]!);
    if (line === undefined) {
      line = new Map();
      lines.set(down[i]!, line);
    }
    const cell = line.get(right[i]!);
    if (cell === undefined) line.set(right[i]!, [i]);
    else cell.push(i);
  }
  for (let i = 0; i < rows.length; i++) {
    for (let y = -1; y <= 1; y++) {
      const line = lines.get(down[i]! + y);
      if (line === undefined) continue;
      for (let x = -1; x <= 1; x++) {
        const cell = line.get(right[i]! + x);
        if (cell === undefined) continue;
        for (const j of cell) {
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
