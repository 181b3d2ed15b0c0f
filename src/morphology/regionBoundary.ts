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
export function runContacts({ runs: all, count, width }: RegionTable): RunContacts {
  const { offsets, starts, ends, rows } = all;
  const runs = new Int32Array(count);
  const joints = new Int32Array(count);
  const vertical = new Int32Array(count);
  const diagonal = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const from = offsets[i]!;
    const to = offsets[i + 1]!;
    // Those of the row above that may touch, and where the row begins.
    let above = from;
    let rowStart = from;
    let pairs = 0;
    let straight = 0;
    let slanted = 0;
    for (let run = from; run < to; run++) {
      const row = rows[run]!;
      if (row !== rows[rowStart]) {
        above = rows[rowStart] === row - 1 ? rowStart : run;
        rowStart = run;
      }
      const start = starts[run]! - width;
      const end = ends[run]! - width;
      while (above < rowStart && ends[above]! < start) above++;
      for (let other = above; other < rowStart && starts[other]! <= end; other++) {
        const first = starts[other]!;
        const last = ends[other]!;
        pairs++;
        straight += overlap(first, last, start, end);
        slanted += overlap(first + 1, last + 1, start, end) + overlap(first - 1, last - 1, start, end);
      }
    }
    runs[i] = to - from;
    joints[i] = pairs;
    vertical[i] = straight;
    diagonal[i] = slanted;
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
