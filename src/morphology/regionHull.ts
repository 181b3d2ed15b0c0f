import type { RegionTable } from './regionTable.js';

/** The first and last column of every region in each of its rows; rows without a pixel have `first > last`. */
export interface RowExtents {
  /** Where the rows of a region begin in `first` and `last`; one more than there are regions. */
  readonly offsets: Int32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** Finds the row extents of all regions from their runs. */
export function rowExtents({ runs, width, count, minRow, maxRow }: RegionTable): RowExtents {
  const offsets = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i]! + maxRow[i]! - minRow[i]!;
  const first = new Int32Array(offsets[count]!).fill(width);
  const last = new Int32Array(offsets[count]!).fill(-1);
  for (let run = 0; run < runs.count; run++) {
    const i = runs.ids[run]! - 1;
    const row = runs.rows[run]!;
    const k = offsets[i]! + row - minRow[i]!;
    // Runs come from left to right.
    if (last[k] === -1) first[k] = runs.starts[run]! - row * width;
    last[k] = runs.ends[run]! - 1 - row * width;
  }
  return { offsets, first, last };
}

/**
 * A convex polygon in half pixels: rows and columns are twice those of the image, so that pixel corners and the midpoints
 * of their edges are integers. Each chain has one vertex a row at most, from top to bottom.
 */
export interface Hull {
  readonly left: ReadonlyArray<readonly [row: number, column: number]>;
  readonly right: ReadonlyArray<readonly [row: number, column: number]>;
}

/**
 * Returns the convex hull of pixels given as row extents.
 *
 * @param points - which points of a pixel it spans: the midpoints of its edges (scikit-image) or its corners (ImageJ).
 */
export function hullOf(
  first: ArrayLike<number>,
  last: ArrayLike<number>,
  start: number,
  end: number,
  points: 'edges' | 'corners',
): Hull {
  const size = 2 * (end - start) + 1;
  const lefts = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const rights = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  // Index 0 is the row -1 in half pixels: the top edge of the first row of pixels.
  const reach = points === 'corners' ? 1 : 0;
  for (let k = start; k < end; k++) {
    if (first[k]! > last[k]!) continue;
    const left = 2 * first[k]!;
    const right = 2 * last[k]!;
    const middle = 2 * (k - start) + 1;
    lefts[middle] = Math.min(lefts[middle]!, left - 1);
    rights[middle] = Math.max(rights[middle]!, right + 1);
    for (const row of [middle - 1, middle + 1]) {
      lefts[row] = Math.min(lefts[row]!, left - reach);
      rights[row] = Math.max(rights[row]!, right + reach);
    }
  }
  return { left: chain(lefts, 1), right: chain(rights, -1) };
}

/** The convex (`sign` 1) or concave (-1) chain below or above one value a row. */
function chain(columns: Float64Array, sign: number): Array<readonly [number, number]> {
  const result: Array<readonly [number, number]> = [];
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index]!;
    if (!Number.isFinite(column)) continue;
    const row = index - 1;
    while (result.length > 1) {
      const [r0, c0] = result[result.length - 2]!;
      const [r1, c1] = result[result.length - 1]!;
      if (sign * ((c1 - c0) * (row - r0) - (column - c0) * (r1 - r0)) < 0) break;
      result.pop();
    }
    result.push([row, column]);
  }
  return result;
}

/** The pixels whose centres lie in a hull, as extents of its rows of pixels. */
export function pixelsOf(hull: Hull, rows: number): { first: Int32Array; last: Int32Array; area: number } {
  const first = new Int32Array(rows);
  const last = new Int32Array(rows);
  let area = 0;
  let l = 0;
  let r = 0;
  for (let k = 0; k < rows; k++) {
    const row = 2 * k;
    while (hull.left[l + 1]![0] < row) l++;
    while (hull.right[r + 1]![0] < row) r++;
    first[k] = Math.ceil(columnAt(hull.left[l]!, hull.left[l + 1]!, row));
    last[k] = Math.floor(columnAt(hull.right[r]!, hull.right[r + 1]!, row));
    area += Math.max(0, last[k]! - first[k]! + 1);
  }
  return { first, last, area };
}

/** Column, in pixels, of an edge at a row in half pixels; one division of integers, so whole results are exact. */
function columnAt([r0, c0]: readonly [number, number], [r1, c1]: readonly [number, number], row: number): number {
  return (c0 * (r1 - r0) + (row - r0) * (c1 - c0)) / (2 * (r1 - r0));
}

/** The corners of a hull around it, as `[row, column]` in pixels times the edges of a pixel. */
function corners({ left, right }: Hull, rowSize: number, columnSize: number): Array<[number, number]> {
  const around = [...left, ...[...right].reverse()];
  return around.map(([row, column]) => [(row * rowSize) / 2, (column * columnSize) / 2]);
}

/** Longest distance between two corners of a hull: the maximum Feret diameter. */
export function longestDistance(hull: Hull, rowSize: number, columnSize: number): number {
  let longest = 0;
  const points = corners(hull, rowSize, columnSize);
  for (let a = 1; a < points.length; a++) {
    for (let b = 0; b < a; b++) {
      const row = points[a]![0] - points[b]![0];
      const column = points[a]![1] - points[b]![1];
      longest = Math.max(longest, row * row + column * column);
    }
  }
  return Math.sqrt(longest);
}

/** Smallest distance of two parallel lines with the hull between them: the minimum Feret diameter. One of them holds an edge. */
export function smallestWidth(hull: Hull, rowSize: number, columnSize: number): number {
  let smallest = Number.POSITIVE_INFINITY;
  const points = corners(hull, rowSize, columnSize);
  for (let a = 0; a < points.length; a++) {
    const [row, column] = points[a]!;
    const [nextRow, nextColumn] = points[(a + 1) % points.length]!;
    const length = Math.hypot(nextRow - row, nextColumn - column);
    if (length === 0) continue;
    let width = 0;
    for (const [r, c] of points) {
      width = Math.max(width, Math.abs((nextRow - row) * (c - column) - (nextColumn - column) * (r - row)) / length);
    }
    smallest = Math.min(smallest, width);
  }
  return smallest;
}

/** Area within a hull, in pixels. */
export function hullArea(hull: Hull): number {
  const points = corners(hull, 1, 1);
  let twice = 0;
  for (let a = 0; a < points.length; a++) {
    const [row, column] = points[a]!;
    const [nextRow, nextColumn] = points[(a + 1) % points.length]!;
    twice += row * nextColumn - nextRow * column;
  }
  return Math.abs(twice) / 2;
}
