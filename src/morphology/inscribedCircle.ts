import type { Circle } from './enclosingCircle.js';
import { euclideanDistances } from './euclideanDistances.js';

/**
 * The largest circle within a region whose centre lies on a grid of half pixels. What is outside are whole pixels, so
 * distances are taken to the nearest point of their squares: corners, midpoints of edges and centres of pixels.
 *
 * @param crop - the region along its bounding box, 1 inside.
 * @returns centre in the unit of the edges, from the centre of the first pixel of the crop.
 */
export function inscribedCircle(
  crop: Uint8Array,
  height: number,
  width: number,
  rowSize: number,
  columnSize: number,
): Circle {
  const line = 2 * width + 1;
  const rows = 2 * height + 1;
  // Pixel (r, c) stands at (2 r + 1, 2 c + 1); a point is inside where all pixels that it belongs to are.
  const grid = new Uint8Array(rows * line);
  const inside = (row: number, column: number) =>
    row >= 0 && row < height && column >= 0 && column < width && crop[row * width + column] === 1;
  for (let y = 0, at = 0; y < rows; y++) {
    const above = (y >> 1) - 1 + (y & 1);
    const below = y >> 1;
    for (let x = 0; x < line; x++, at++) {
      const left = (x >> 1) - 1 + (x & 1);
      const right = x >> 1;
      grid[at] = inside(above, left) && inside(above, right) && inside(below, left) && inside(below, right) ? 1 : 0;
    }
  }
  const distances = euclideanDistances(grid, rows, line, rowSize / 2, columnSize / 2);
  let best = 0;
  for (let at = 1; at < distances.length; at++) if (distances[at]! > distances[best]!) best = at;
  return {
    row: ((Math.floor(best / line) - 1) / 2) * rowSize,
    column: (((best % line) - 1) / 2) * columnSize,
    radius: distances[best]!,
  };
}
