import type { RegionTable } from './regionTable.js';

/** The first and last column of a region in each of its rows; rows without a pixel have `first > last`. */
export interface RowExtents {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** Room for the extents of any region of an image, one after the other. */
export function roomForExtents(height: number): RowExtents {
  return { first: new Int32Array(height), last: new Int32Array(height) };
}

/** Writes the extents of a region; gives their number. */
export function writeExtents(
  { runs, width, minRow, maxRow }: RegionTable,
  i: number,
  { first, last }: RowExtents,
): number {
  const top = minRow[i]!;
  const rows = maxRow[i]! - top;
  first.fill(width, 0, rows);
  last.fill(-1, 0, rows);
  for (let run = runs.offsets[i]!; run < runs.offsets[i + 1]!; run++) {
    const row = runs.rows[run]!;
    // Runs come from left to right.
    if (last[row - top] === -1) first[row - top] = runs.starts[run]! - row * width;
    last[row - top] = runs.ends[run]! - 1 - row * width;
  }
  return rows;
}

/** Which points of its pixels a hull spans: the midpoints of their edges (scikit-image) or their corners (ImageJ). */
export type HullPoints = 'edges' | 'corners';

/**
 * A convex polygon in half pixels: rows and columns are twice those of the image, so that pixel corners and the midpoints
 * of their edges are integers. Down its left side, then up its right side; no vertex comes twice. The arrays are used
 * again by the next hull of the same {@link HullBuilder}.
 */
export interface Hull {
  /** Number of vertices. */
  count: number;
  /** How many of them lie on the left side, from the top to the bottom vertex. */
  leftCount: number;
  rows: Float64Array;
  columns: Float64Array;
}

/** Builds hulls, one at a time, in memory that it keeps. */
export class HullBuilder {
  readonly hull: Hull = { count: 0, leftCount: 0, rows: new Float64Array(64), columns: new Float64Array(64) };

  /** The hull of pixels given as extents of so many rows. */
  build({ first, last }: RowExtents, rowCount: number, points: HullPoints): Hull {
    const { hull } = this;
    const most = 4 * rowCount + 2;
    if (hull.rows.length < most) {
      hull.rows = new Float64Array(2 * most);
      hull.columns = new Float64Array(2 * most);
    }
    const { rows, columns } = hull;
    const reach = points === 'corners' ? 1 : 0;
    let count = 0;
    let before = -2;
    for (let k = 0; k < rowCount; k++) {
      const column = first[k]!;
      if (column > last[k]!) continue;
      const row = 2 * k;
      if (before === k - 1) {
        const above = first[before]!;
        const step = column - above;
        // The point between two rows that differ less lies within, or on the line of their edges.
        if (reach === 1 || step > 1 || step < -1) {
          count = added(rows, columns, count, 0, row - 1, 2 * (step < 0 ? column : above) - reach);
        }
      } else {
        if (before >= 0) {
          count = added(rows, columns, count, 0, 2 * before + 1, 2 * first[before]! - reach);
        }
        count = added(rows, columns, count, 0, row - 1, 2 * column - reach);
      }
      // Nor does a point between its neighbours or behind the line through them: no hull has it as a vertex.
      const isBetween =
        before === k - 1 &&
        k + 1 < rowCount &&
        first[k - 1]! + first[k + 1]! <= 2 * column &&
        first[k + 1]! <= last[k + 1]!;
      if (reach === 0 && !isBetween) count = added(rows, columns, count, 0, row, 2 * column - 1);
      before = k;
    }
    const bottom = before;
    count = added(rows, columns, count, 0, 2 * bottom + 1, 2 * first[bottom]! - reach);
    hull.leftCount = count;
    const base = count - 1;
    // The lowest vertex of both sides may be one, and so may the highest.
    const corner = 2 * last[bottom]! + reach;
    if (corner !== columns[base]) count = added(rows, columns, count, base, 2 * bottom + 1, corner);
    before = rowCount + 1;
    for (let k = bottom; k >= 0; k--) {
      const column = last[k]!;
      if (first[k]! > column) continue;
      const row = 2 * k;
      if (before === k + 1) {
        const below = last[before]!;
        const step = column - below;
        if (reach === 1 || step > 1 || step < -1) {
          count = added(rows, columns, count, base, row + 1, 2 * (step > 0 ? column : below) + reach);
        }
      } else if (k !== bottom) {
        count = added(rows, columns, count, base, 2 * before - 1, 2 * last[before]! + reach);
        count = added(rows, columns, count, base, row + 1, 2 * column + reach);
      }
      const isBetween =
        before === k + 1 && k > 0 && last[k - 1]! + last[k + 1]! >= 2 * column && first[k - 1]! <= last[k - 1]!;
      if (reach === 0 && !isBetween) count = added(rows, columns, count, base, row, 2 * column + 1);
      before = k;
    }
    count = added(rows, columns, count, base, 2 * before - 1, 2 * last[before]! + reach);
    if (count > 1 && rows[count - 1] === rows[0] && columns[count - 1] === columns[0]) count--;
    hull.count = count;
    return hull;
  }
}

/** Adds a vertex and takes those before it away, down to `base`, that lie within; gives the new number of vertices. */
function added(
  rows: Float64Array,
  columns: Float64Array,
  count: number,
  base: number,
  row: number,
  column: number,
): number {
  let end = count;
  while (end > base + 1) {
    const r = rows[end - 2]!;
    const c = columns[end - 2]!;
    if ((columns[end - 1]! - c) * (row - r) - (column - c) * (rows[end - 1]! - r) < 0) break;
    end--;
  }
  rows[end] = row;
  columns[end] = column;
  return end + 1;
}

/** The pixels whose centres lie in a hull, as extents of its rows of pixels, written to `extents`; gives their number. */
export function pixelsOf(hull: Hull, rows: number, { first, last }: RowExtents): number {
  const { rows: y, columns: x, count, leftCount } = hull;
  let area = 0;
  let l = 0;
  // The right side runs upwards, and ends in the first vertex where the top is a point.
  let r = count;
  if (y[count - 1] === y[0]) r = count - 1;
  for (let k = 0; k < rows; k++) {
    const row = 2 * k;
    while (l + 1 < leftCount - 1 && y[l + 1]! < row) l++;
    while (r - 1 > leftCount - 1 && y[r - 1]! < row) r--;
    const a = r === count ? 0 : r;
    const left = Math.ceil(columnAt(y[l]!, x[l]!, y[l + 1]!, x[l + 1]!, row));
    const right = Math.floor(columnAt(y[a]!, x[a]!, y[r - 1]!, x[r - 1]!, row));
    first[k] = left;
    last[k] = right;
    if (right >= left) area += right - left + 1;
  }
  return area;
}

/** Column, in pixels, of an edge at a row in half pixels; one division of integers, so whole results are exact. */
function columnAt(r0: number, c0: number, r1: number, c1: number, row: number): number {
  return (c0 * (r1 - r0) + (row - r0) * (c1 - c0)) / (2 * (r1 - r0));
}

/** Area within a hull, in pixels. */
export function hullArea({ rows, columns, count }: Hull): number {
  let twice = 0;
  for (let a = 0; a < count; a++) {
    const b = a + 1 === count ? 0 : a + 1;
    twice += rows[a]! * columns[b]! - rows[b]! * columns[a]!;
  }
  return Math.abs(twice) / 8;
}

/** Length around a hull. */
export function hullPerimeter({ rows, columns, count }: Hull, rowSize: number, columnSize: number): number {
  let length = 0;
  for (let a = 0; a < count; a++) {
    const b = a + 1 === count ? 0 : a + 1;
    const y = (rows[b]! - rows[a]!) * rowSize;
    const x = (columns[b]! - columns[a]!) * columnSize;
    length += Math.sqrt(y * y + x * x);
  }
  return length / 2;
}
