import { type RowRuns, rowRuns } from './rowRuns.js';
import { borrow } from './scratch.js';

/** Horizontal runs of equal ids above 0, in raster order. */
export interface RegionRuns extends RowRuns {
  /** The id of each run. */
  readonly ids: Int32Array<ArrayBuffer>;
}

/**
 * Splits row-major labels into runs, in one pass.
 *
 * @throws RangeError for a negative id, with its position.
 */
export function regionRuns(data: Int32Array, height: number, width: number): RegionRuns {
  const runs = rowRuns(data, height, width);
  const { count, starts } = runs;
  const ids = borrow(count);
  for (let run = 0; run < count; run++) {
    const start = starts[run]!;
    const id = data[start]!;
    if (id < 0) {
      const position = `[${Math.floor(start / width)}, ${start % width}]`;
      throw new RangeError(`labels must hold ids of 0 or more, got ${id} at [row, column] ${position}.`);
    }
    ids[run] = id;
  }
  return { ...runs, ids };
}
