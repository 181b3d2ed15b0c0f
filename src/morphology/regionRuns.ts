/** Horizontal runs of equal ids above 0, in raster order. */
export interface RegionRuns {
  readonly count: number;
  /** Where each run begins in the row-major data. */
  readonly starts: Int32Array;
  /** Where it ends, exclusive. */
  readonly ends: Int32Array;
  /** Its id. */
  readonly ids: Int32Array;
  /** Its row. */
  readonly rows: Int32Array;
  /** The first run of each row, and one more entry for the end. */
  readonly rowStarts: Int32Array;
}

/**
 * Splits row-major labels into runs, in one pass; what is measured of regions is then added up run by run.
 *
 * @throws RangeError for a negative id, with its position.
 */
export function regionRuns(data: Int32Array, height: number, width: number): RegionRuns {
  let capacity = Math.max(1024, data.length >> 5);
  let starts = new Int32Array(capacity);
  let ends = new Int32Array(capacity);
  let ids = new Int32Array(capacity);
  let rows = new Int32Array(capacity);
  let count = 0;
  const rowStarts = new Int32Array(height + 1);
  for (let row = 0, at = 0; row < height; row++) {
    rowStarts[row] = count;
    const rowEnd = at + width;
    while (at < rowEnd) {
      const id = data[at]!;
      if (id === 0) {
        at++;
        while (at + 4 <= rowEnd && (data[at]! | data[at + 1]! | data[at + 2]! | data[at + 3]!) === 0) at += 4;
        continue;
      }
      if (id < 0) {
        const position = `[${row}, ${at % width}]`;
        throw new RangeError(`labels must hold ids of 0 or more, got ${id} at [row, column] ${position}.`);
      }
      if (count === capacity) {
        capacity *= 2;
        [starts, ends, ids, rows] = [starts, ends, ids, rows].map((array) => {
          const larger = new Int32Array(capacity);
          larger.set(array);
          return larger;
        }) as [typeof starts, typeof ends, typeof ids, typeof rows];
      }
      starts[count] = at++;
      while (at < rowEnd && data[at] === id) at++;
      ends[count] = at;
      ids[count] = id;
      rows[count++] = row;
    }
  }
  rowStarts[height] = count;
  return { count, starts, ends, ids, rows, rowStarts };
}
