import type { RegionTable } from './regionTable.js';

/** How the runs of every region meet, from which its Euler number and Crofton's perimeter follow. */
export interface RunContacts {
  /** Number of runs. */
  readonly runs: Int32Array;
  /** Pairs of runs of neighbouring rows that share an edge or a corner. */
  readonly joints: Int32Array;
  /** Pairs of pixels above each other. */
  readonly vertical: Int32Array;
  /** Pairs of pixels that share a corner only, in both directions together. */
  readonly diagonal: Int32Array;
}

/** Counts the contacts of all runs with those of the row above. */
export function runContacts({ runs: all, count, height, width }: RegionTable): RunContacts {
  const { starts, ends, ids, rowStarts } = all;
  const runs = new Int32Array(count);
  const joints = new Int32Array(count);
  const vertical = new Int32Array(count);
  const diagonal = new Int32Array(count);
  for (let row = 0; row < height; row++) {
    let above = row === 0 ? 0 : rowStarts[row - 1]!;
    const aboveEnd = rowStarts[row]!;
    for (let run = aboveEnd; run < rowStarts[row + 1]!; run++) {
      const id = ids[run]!;
      runs[id - 1]!++;
      const start = starts[run]! - width;
      const end = ends[run]! - width;
      while (above < aboveEnd && ends[above]! < start) above++;
      for (let other = above; other < aboveEnd && starts[other]! <= end; other++) {
        if (ids[other] !== id) continue;
        const first = starts[other]!;
        const last = ends[other]!;
        joints[id - 1]!++;
        vertical[id - 1]! += overlap(first, last, start, end);
        diagonal[id - 1]! += overlap(first + 1, last + 1, start, end) + overlap(first - 1, last - 1, start, end);
      }
    }
  }
  return { runs, joints, vertical, diagonal };
}

function overlap(a: number, b: number, c: number, d: number): number {
  const length = (b < d ? b : d) - (a > c ? a : c);
  return length > 0 ? length : 0;
}

/** Pieces minus holes, with 8-connected pieces: runs less the joints between them. */
export function eulerNumber({ runs, joints }: RunContacts, i: number): number {
  return runs[i]! - joints[i]!;
}

/**
 * Perimeter by Crofton's formula with lines along rows, columns and both diagonals. Each direction counts the crossings
 * of the boundary, times the distance of its lines, times its share of the half turn; with equal spacing that is
 * scikit-image's `perimeter_crofton(directions=4)`.
 */
export function croftonPerimeter(
  { runs, vertical, diagonal }: RunContacts,
  i: number,
  pixels: number,
  rowSize: number,
  columnSize: number,
): number {
  const alongRows = 2 * runs[i]!;
  const alongColumns = 2 * (pixels - vertical[i]!);
  const alongDiagonals = 2 * (2 * pixels - diagonal[i]!);
  const angle = rowSize === columnSize ? Math.PI / 4 : Math.atan2(rowSize, columnSize);
  const diagonalDistance = (rowSize * columnSize) / Math.sqrt(rowSize * rowSize + columnSize * columnSize);
  return (
    0.5 *
    (angle * rowSize * alongRows +
      (Math.PI / 2 - angle) * columnSize * alongColumns +
      (Math.PI / 4) * diagonalDistance * alongDiagonals)
  );
}

/**
 * Length of the line through the centres of the border pixels of every region, in pixels, after Benkrid and Crookes
 * (2000), as scikit-image's `perimeter(neighborhood=4)`: a border pixel (one with a 4-neighbour outside) counts 1,
 * sqrt(2) or their mean, by the numbers of border pixels among its 4 edge and 4 corner neighbours.
 */
export function borderPerimeters({ runs, data, count, height, width }: RegionTable): Float64Array {
  // By edges * 5 + corners: 1 straight, 2 slanted, 3 mixed.
  const kinds = new Uint8Array(25);
  for (let edges = 0; edges <= 4; edges++) {
    for (let corners = 0; corners <= 4; corners++) {
      if (corners <= 2 && (edges === 2 || edges === 3)) kinds[edges * 5 + corners] = 1;
      else if ((corners === 2 && edges === 0) || (corners === 3 && edges === 1)) kinds[edges * 5 + corners] = 2;
      else if (edges === 1 && (corners === 1 || corners === 2)) kinds[edges * 5 + corners] = 3;
    }
  }
  const { starts, ends, ids, rowStarts } = runs;
  /** Writes the border pixels of a row, with a pixel of background at either end. */
  const mark = (row: number, line: Int32Array) => {
    line.fill(0);
    if (row >= height) return;
    const shift = 1 - row * width;
    for (let run = rowStarts[row]!; run < rowStarts[row + 1]!; run++) {
      const start = starts[run]!;
      const end = ends[run]!;
      const place = ids[run]!;
      if (row === 0 || row === height - 1) {
        line.fill(place, start + shift, end + shift);
        continue;
      }
      const id = data[start]!;
      for (let at = start; at < end; at++) {
        if (data[at - width] !== id || data[at + width] !== id) line[at + shift] = place;
      }
      line[start + shift] = place;
      line[end - 1 + shift] = place;
    }
  };
  const tallies = new Int32Array(count * 4);
  let above = new Int32Array(width + 2);
  let here = new Int32Array(width + 2);
  let below = new Int32Array(width + 2);
  mark(0, here);
  for (let row = 0; row < height; row++) {
    mark(row + 1, below);
    const shift = 1 - row * width;
    for (let run = rowStarts[row]!; run < rowStarts[row + 1]!; run++) {
      const place = ids[run]!;
      const end = ends[run]! + shift;
      for (let x = starts[run]! + shift; x < end; x++) {
        // Most pixels lie within.
        if (here[x] === 0) continue;
        // Places compare without a branch, which nobody could foresee: 1 where equal.
        const edges =
          equal(here[x - 1]!, place) + equal(here[x + 1]!, place) + equal(above[x]!, place) + equal(below[x]!, place);
        const corners =
          equal(above[x - 1]!, place) +
          equal(above[x + 1]!, place) +
          equal(below[x - 1]!, place) +
          equal(below[x + 1]!, place);
        tallies[place * 4 - 4 + kinds[edges * 5 + corners]!]!++;
      }
    }
    [above, here, below] = [here, below, above];
  }
  const result = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const mixed = (tallies[i * 4 + 3]! * (1 + Math.SQRT2)) / 2;
    result[i] = tallies[i * 4 + 1]! + tallies[i * 4 + 2]! * Math.SQRT2 + mixed;
  }
  return result;
}

/** 1 where two numbers of 0 or more are equal, else 0. */
function equal(a: number, b: number): number {
  return ((a ^ b) - 1) >>> 31;
}
