import type { PixelData } from '../core/types.js';
import { type BorderMode, beyond, paddedPlaces } from './borders.js';

/**
 * Means, and on request variances over square windows around each pixel. Column sums move down by one row in
 * and one row out, then along the row: the cost does not depend on the window. Integers stay exact.
 */
export function boxMeans(
  data: PixelData,
  height: number,
  width: number,
  side: number,
  mode: BorderMode,
  withVariances: boolean,
): { means: Float64Array; variances: Float64Array } {
  const radius = side >> 1;
  const means = new Float64Array(height * width);
  const variances = new Float64Array(withVariances ? height * width : 0);
  const columns = new Float64Array(width);
  const columnSquares = new Float64Array(withVariances ? width : 0);
  // Floats are measured from the first sample: differences of large sums would lose the small digits.
  const base = data instanceof Float32Array ? data[0]! : 0;
  const add = (row: number, sign: number) => {
    const from = beyond(row, height, mode) * width;
    for (let x = 0; x < width; x++) {
      const value = from < 0 ? -base : data[from + x]! - base;
      columns[x]! += sign * value;
      if (withVariances) columnSquares[x]! += sign * value * value;
    }
  };
  const places = paddedPlaces(width, radius, radius, mode);
  const area = side * side;
  const along = (sums: Float64Array, outside: number, to: Float64Array, start: number) => {
    let sum = 0;
    for (let i = 0; i < side - 1; i++) sum += places[i]! < 0 ? outside : sums[places[i]!]!;
    for (let x = 0; x < width; x++) {
      const entering = places[x + side - 1]!;
      sum += entering < 0 ? outside : sums[entering]!;
      to[start + x] = sum;
      const leaving = places[x]!;
      sum -= leaving < 0 ? outside : sums[leaving]!;
    }
  };
  for (let row = -radius; row < side - radius - 1; row++) add(row, 1);
  for (let row = 0; row < height; row++) {
    add(row + radius, 1);
    const start = row * width;
    along(columns, -base * side, means, start);
    if (withVariances) along(columnSquares, base * base * side, variances, start);
    add(row - radius, -1);
  }
  for (let i = 0; i < means.length; i++) {
    const mean = means[i]! / area;
    if (withVariances) variances[i] = Math.max(0, variances[i]! / area - mean * mean);
    means[i] = mean + base;
  }
  return { means, variances };
}
