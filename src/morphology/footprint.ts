import { contiguous } from '../core/arrays.js';
import { requireMask } from '../core/check.js';
import type { Mask } from '../core/types.js';

/** Options of the binary operations. */
export interface FootprintOptions {
  /** The neighbourhood: a mask whose pixels above 0 belong to it, its middle at half its sides (rounded down). By default a cross of 5 pixels, `disk(1)`. */
  readonly footprint?: Mask;
}

/** Horizontal runs of a footprint, relative to its middle: columns `first` to `last` of the row `row`. */
export interface FootprintRun {
  readonly row: number;
  readonly first: number;
  readonly last: number;
}

/** The cross of 5 pixels that stands in where no footprint is given. */
export function crossRuns(): FootprintRun[] {
  return [
    { row: -1, first: 0, last: 0 },
    { row: 0, first: -1, last: 1 },
    { row: 1, first: 0, last: 0 },
  ];
}

/** Takes a footprint apart; throws where it has no pixel. */
export function runsOf(footprint: Mask): FootprintRun[] {
  requireMask('footprint', footprint);
  const [height, width] = footprint.shape as [number, number];
  const { data } = contiguous(footprint);
  const middleRow = Math.floor(height / 2);
  const middleColumn = Math.floor(width / 2);
  const runs: FootprintRun[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (data[row * width + column] === 0) continue;
      const first = column;
      while (column + 1 < width && data[row * width + column + 1] !== 0) column++;
      runs.push({ row: row - middleRow, first: first - middleColumn, last: column - middleColumn });
    }
  }
  if (runs.length === 0) throw new RangeError('footprint must have a pixel above 0, got none.');
  return runs;
}

/** The pixels of a footprint relative to its middle. */
export function offsetsOf(footprint: Mask): Array<{ readonly row: number; readonly column: number }> {
  return runsOf(footprint).flatMap(({ row, first, last }) =>
    Array.from({ length: last - first + 1 }, (_, i) => ({ row, column: first + i })),
  );
}

/** The footprint turned by half a turn. */
export function mirrored(runs: readonly FootprintRun[]): FootprintRun[] {
  return runs.map(({ row, first, last }) => ({ row: -row, first: -last, last: -first }));
}

/**
 * Marks (1) every pixel for which some pixel of the footprint around it lies on one of `value` (0 or not 0, within the
 * image). Each run of the footprint asks one prefix sum, so the cost grows with its height, not with its area.
 */
export function touched(
  data: Uint8Array,
  height: number,
  width: number,
  runs: readonly FootprintRun[],
  value: 'foreground' | 'background',
): Uint8Array {
  const wanted = value === 'foreground' ? 1 : 0;
  const result = new Uint8Array(data.length);
  // How many wanted pixels lie left of each column, row by row.
  const sums = new Int32Array(height * (width + 1));
  for (let row = 0, at = 0, to = 0; row < height; row++) {
    let sum = 0;
    sums[to++] = 0;
    for (let column = 0; column < width; column++, at++) {
      sum += (data[at] === 0 ? 0 : 1) === wanted ? 1 : 0;
      sums[to++] = sum;
    }
  }
  for (let row = 0; row < height; row++) {
    const start = row * width;
    for (const run of runs) {
      const other = row + run.row;
      if (other < 0 || other >= height) continue;
      const from = other * (width + 1);
      if (sums[from + width] === 0) continue;
      for (let column = 0; column < width; column++) {
        const first = Math.min(width, Math.max(0, column + run.first));
        const last = Math.min(width, Math.max(0, column + run.last + 1));
        if (sums[from + last] !== sums[from + first]) result[start + column] = 1;
      }
    }
  }
  return result;
}
