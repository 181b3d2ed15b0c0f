import { regionIndex } from './regionIndex.js';
import { type RegionRuns, regionRuns } from './regionRuns.js';

/** What one pass over labels yields for every region; all arrays are indexed by the place of the region's id. */
export interface RegionTable {
  readonly height: number;
  readonly width: number;
  readonly count: number;
  /** The runs of all regions; their ids are places plus 1 here. */
  readonly runs: RegionRuns;
  /** Ids, ascending. */
  readonly ids: Int32Array;
  /** Id per pixel, as given. */
  readonly data: Int32Array;
  /** Numbers of pixels. */
  readonly pixels: Float64Array;
  readonly minRow: Int32Array;
  readonly minColumn: Int32Array;
  readonly maxRow: Int32Array;
  readonly maxColumn: Int32Array;
  /** The column of the first pixel in raster order, that `sums` refer to, together with `minRow`. */
  readonly originColumn: Int32Array;
  /** 16 a region: the sums of row ** p * column ** q at p * 4 + q, about the origin; up to the wanted order. */
  readonly sums: Float64Array;
}

/**
 * Collects regions by runs of equal ids, each added by closed formulas; sums refer to a pixel of the region, so they are
 * exact integers for all but huge regions.
 *
 * @param order - highest order of the moments: 0, 1, 2 or 3.
 */
export function regionTable(data: Int32Array, height: number, width: number, order: number): RegionTable {
  const runs = regionRuns(data, height, width);
  const { ids, placeOf } = regionIndex(runs);
  const count = ids.length;
  const sequential = count === 0 || ids[count - 1] === count;
  const pixels = new Float64Array(count);
  const minRow = new Int32Array(count);
  const minColumn = new Int32Array(count);
  const maxRow = new Int32Array(count);
  const maxColumn = new Int32Array(count);
  const originColumn = new Int32Array(count);
  const sums = new Float64Array(order > 0 ? count * 16 : 0);

  for (let run = 0; run < runs.count; run++) {
    const i = sequential ? runs.ids[run]! - 1 : placeOf(runs.ids[run]!);
    const start = runs.starts[run]!;
    const n = runs.ends[run]! - start;
    const row = runs.rows[run]!;
    const column = start - row * width;
    runs.ids[run] = i + 1;
    if (pixels[i] === 0) {
      minRow[i] = row;
      minColumn[i] = column;
      originColumn[i] = column;
    }
    pixels[i]! += n;
    if (column < minColumn[i]!) minColumn[i] = column;
    if (column + n > maxColumn[i]!) maxColumn[i] = column + n;
    maxRow[i] = row + 1;
    if (order > 0) addRun(sums, i * 16, row - minRow[i]!, column - originColumn[i]!, n, order);
  }
  return { height, width, count, runs, ids, data, pixels, minRow, minColumn, maxRow, maxColumn, originColumn, sums };
}

/** Adds the moments of the pixels (row, column) to (row, column + n - 1). */
function addRun(sums: Float64Array, at: number, row: number, column: number, n: number, order: number): void {
  const steps = (n * (n - 1)) / 2;
  const first = n * column + steps;
  sums[at]! += n;
  sums[at + 1]! += first;
  sums[at + 4]! += n * row;
  if (order === 1) return;
  const squares = (steps * (2 * n - 1)) / 3;
  const second = (n * column + 2 * steps) * column + squares;
  sums[at + 2]! += second;
  sums[at + 5]! += first * row;
  sums[at + 8]! += n * row * row;
  if (order === 2) return;
  const third = ((n * column + 3 * steps) * column + 3 * squares) * column + steps * steps;
  const row2 = row * row;
  const row3 = row2 * row;
  sums[at + 3]! += third;
  sums[at + 6]! += second * row;
  sums[at + 7]! += third * row;
  sums[at + 9]! += first * row2;
  sums[at + 10]! += second * row2;
  sums[at + 11]! += third * row2;
  sums[at + 12]! += n * row3;
  sums[at + 13]! += first * row3;
  sums[at + 14]! += second * row3;
  sums[at + 15]! += third * row3;
}
