import { regionIndex } from './regionIndex.js';
import { regionRuns } from './regionRuns.js';
import { borrow, borrowFloats, giveBack } from './scratch.js';

/**
 * Horizontal runs of the pixels of regions, one region after the other, those of each in raster order. All arrays but
 * `offsets` are borrowed, and may be longer.
 */
export interface GroupedRuns {
  readonly count: number;
  /** The first run of each region, and one more entry for the end. */
  readonly offsets: Int32Array;
  /** Where each run begins in the row-major data. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** Where it ends, exclusive. */
  readonly ends: Int32Array<ArrayBuffer>;
  /** Its row. */
  readonly rows: Int32Array<ArrayBuffer>;
}

/** What one pass over labels yields for every region; all arrays are indexed by the place of the region's id. */
export interface RegionTable {
  readonly height: number;
  readonly width: number;
  readonly count: number;
  readonly runs: GroupedRuns;
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
  readonly sums: Float64Array<ArrayBuffer>;
}

/**
 * Collects regions by runs of equal ids, each added by closed formulas; sums refer to a pixel of the region, so they are
 * exact integers for all but huge regions.
 *
 * @param order - highest order p + q of the moments: 0, 1, 2 or 3; or 6 for all with p and q to 3.
 */
export function regionTable(data: Int32Array, height: number, width: number, order: number): RegionTable {
  const { ids, runs } = groupedRuns(data, height, width);
  const { offsets, starts, ends, rows } = runs;
  const count = ids.length;
  const pixels = new Float64Array(count);
  const minRow = new Int32Array(count);
  const minColumn = new Int32Array(count);
  const maxRow = new Int32Array(count);
  const maxColumn = new Int32Array(count);
  const originColumn = new Int32Array(count);
  const sums = borrowFloats(order > 0 ? count * 16 : 0);
  if (order > 3) sums.fill(0);

  for (let i = 0; i < count; i++) {
    const from = offsets[i]!;
    const to = offsets[i + 1]!;
    let number = 0;
    let left = width;
    let right = 0;
    for (let run = from; run < to; run++) {
      const rowStart = rows[run]! * width;
      const start = starts[run]!;
      const end = ends[run]!;
      number += end - start;
      left = Math.min(left, start - rowStart);
      right = Math.max(right, end - rowStart);
    }
    pixels[i] = number;
    minRow[i] = rows[from]!;
    maxRow[i] = rows[to - 1]! + 1;
    minColumn[i] = left;
    maxColumn[i] = right;
    originColumn[i] = starts[from]! - rows[from]! * width;
    if (order > 0) addRuns(sums, i * 16, runs, from, to, width, order);
  }
  return { height, width, count, runs, ids, data, pixels, minRow, minColumn, maxRow, maxColumn, originColumn, sums };
}

/** Gives the arrays of the runs back: nothing may be measured any more. */
export function giveBackTable({ runs, sums }: RegionTable): void {
  giveBack(runs.starts, runs.ends, runs.rows, sums);
}

/** The runs of labels, sorted by region. */
function groupedRuns(data: Int32Array, height: number, width: number): { ids: Int32Array; runs: GroupedRuns } {
  const raster = regionRuns(data, height, width);
  const { count, rowStarts } = raster;
  const { ids, placeOf } = regionIndex(raster);
  const sequential = ids.length === 0 || ids[ids.length - 1] === ids.length;
  const places = raster.ids;
  // Counted one place further on, so that what becomes the next free place of a region ends as its offset.
  const next = new Int32Array(ids.length + 2);
  for (let run = 0; run < count; run++) {
    const place = sequential ? places[run]! - 1 : placeOf(places[run]!);
    places[run] = place;
    next[place + 2]!++;
  }
  for (let i = 2; i < next.length; i++) next[i]! += next[i - 1]!;
  const starts = borrow(count);
  const ends = borrow(count);
  const rows = borrow(count);
  for (let row = 0; row < height; row++) {
    for (let run = rowStarts[row]!; run < rowStarts[row + 1]!; run++) {
      const to = next[places[run]! + 1]!++;
      starts[to] = raster.starts[run]!;
      ends[to] = raster.ends[run]!;
      rows[to] = row;
    }
  }
  giveBack(raster.starts, raster.ends, raster.rowStarts, raster.ids);
  return { ids, runs: { count, offsets: next.subarray(0, ids.length + 1), starts, ends, rows } };
}

/** Adds the moments of the pixels of some runs about the first of them. */
function addRuns(
  sums: Float64Array,
  at: number,
  { starts, ends, rows }: GroupedRuns,
  from: number,
  to: number,
  width: number,
  order: number,
): void {
  const top = rows[from]!;
  const origin = starts[from]! - top * width;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  for (let run = from; run < to; run++) {
    const row = rows[run]! - top;
    const start = starts[run]!;
    const n = ends[run]! - start;
    const column = start - rows[run]! * width - origin;
    // Sums of the columns from `column` to `column + n - 1`, of their squares and of their cubes.
    const steps = (n * (n - 1)) / 2;
    const first = n * column + steps;
    s00 += n;
    s01 += first;
    s10 += n * row;
    if (order === 1) continue;
    const squares = (steps * (2 * n - 1)) / 3;
    const second = (first + steps) * column + squares;
    const row2 = row * row;
    s02 += second;
    s11 += first * row;
    s20 += n * row2;
    if (order === 2) continue;
    const third = ((n * column + 3 * steps) * column + 3 * squares) * column + steps * steps;
    s03 += third;
    s12 += second * row;
    s21 += first * row2;
    s30 += n * row2 * row;
    if (order === 3) continue;
    sums[at + 7]! += third * row;
    sums[at + 10]! += second * row2;
    sums[at + 11]! += third * row2;
    sums[at + 13]! += first * row2 * row;
    sums[at + 14]! += second * row2 * row;
    sums[at + 15]! += third * row2 * row;
  }
  sums[at] = s00;
  sums[at + 1] = s01;
  sums[at + 2] = s02;
  sums[at + 3] = s03;
  sums[at + 4] = s10;
  sums[at + 5] = s11;
  sums[at + 6] = s12;
  sums[at + 8] = s20;
  sums[at + 9] = s21;
  sums[at + 12] = s30;
}
