import { type Positions, positionsOf, visitPairs } from './points.js';

/**
 * Returns the distance from every particle's centre to the nearest other one, in the unit of the positions; `Infinity`
 * where there is no other.
 *
 * @example
 * ```ts
 * nearestNeighbors([[0, 0], [0, 3], [4, 3]]); // [3, 3, 4]
 * ```
 */
export function nearestNeighbors(positions: Positions): Float64Array {
  const { rows, columns } = positionsOf('positions', positions);
  const count = rows.length;
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  if (count < 2) return nearest;
  const extent = (values: Float64Array) =>
    values.reduce((most, v) => Math.max(most, v), Number.NEGATIVE_INFINITY) -
    values.reduce((least, v) => Math.min(least, v), Number.POSITIVE_INFINITY);
  // Twice the mean spacing finds most; where some find nobody, look farther.
  const height = extent(rows);
  const width = extent(columns);
  let reach = 2 * Math.sqrt((Math.max(height, width / count) * Math.max(width, height / count)) / count) || 1;
  const diagonal = Math.sqrt(height * height + width * width);
  for (;;) {
    visitPairs(rows, columns, reach, (i, _, distance) => {
      if (distance < nearest[i]!) nearest[i] = distance;
    });
    if (reach >= diagonal || nearest.every(Number.isFinite)) return nearest;
    reach *= 2;
  }
}
