import { type RowRuns, rowRuns } from './rowRuns.js';
import { borrow, giveBack } from './scratch.js';

/** Horizontal runs of equal values and which of them are connected. */
export interface RunUnion extends RowRuns {
  /** The component of each run, 1 to `total` in raster order of first pixels. */
  readonly ids: Int32Array<ArrayBuffer>;
  readonly total: number;
}

/**
 * Joins runs of equal, non-zero values into connected components: a union-find over horizontal runs (He, Chao and Suzuki
 * 2008), one pass over the pixels. With `background` the runs are those of 0, all of one value.
 */
export function runUnion(
  data: Uint8Array | Int32Array,
  height: number,
  width: number,
  connectivity: 4 | 8,
  background = false,
): RunUnion {
  const runs = rowRuns(data, height, width, background);
  const { count, starts, ends, rowStarts } = runs;
  const reach = connectivity === 8 ? 1 : 0;
  // The parent of a run is an earlier run of the same component, or itself.
  const parents = borrow(count);
  for (let row = 0; row < height; row++) {
    let above = row === 0 ? 0 : rowStarts[row - 1]!;
    const aboveEnd = rowStarts[row]!;
    for (let run = aboveEnd; run < rowStarts[row + 1]!; run++) {
      const value = data[starts[run]!]!;
      // Runs above that end before this one begins cannot touch it or any later one of this row.
      const from = starts[run]! - width - reach;
      const to = ends[run]! - width + reach;
      while (above < aboveEnd && ends[above]! <= from) above++;
      let root = run;
      for (let other = above; other < aboveEnd && starts[other]! < to; other++) {
        if (data[starts[other]!] === value) root = joined(parents, root, other, run);
      }
      parents[run] = root;
    }
  }
  let total = 0;
  for (let run = 0; run < count; run++) {
    // Parents come first, so theirs are ids already; they take the place of the parents, which are not needed again.
    const parent = parents[run]!;
    parents[run] = parent === run ? ++total : parents[parent]!;
  }
  return { ...runs, ids: parents, total };
}

/** Writes the id of every run to its pixels; with `used` all others are set to 0, else they are 0 already. */
export function paintRuns(
  { starts, ends, ids, rowStarts }: RunUnion,
  to: Int32Array,
  height: number,
  width: number,
  used: boolean,
): void {
  // Some rows at a time, so that the memory is gone over once.
  const some = Math.max(1, Math.floor(16384 / width));
  for (let row = 0; row < height; row++) {
    if (used && row % some === 0) to.fill(0, row * width, (row + some) * width);
    for (let run = rowStarts[row]!; run < rowStarts[row + 1]!; run++) {
      const id = ids[run]!;
      const end = ends[run]!;
      for (let i = starts[run]!; i < end; i++) to[i] = id;
    }
  }
}

/** Gives the arrays back, which nobody may hold any more. */
export function giveBackRuns({ starts, ends, rowStarts, ids }: RunUnion): void {
  giveBack(starts, ends, rowStarts, ids);
}

function find(parents: Int32Array, run: number): number {
  let root = run;
  while (parents[root] !== root) root = parents[root]!;
  for (let next = run; next !== root; ) {
    const parent = parents[next]!;
    parents[next] = root;
    next = parent;
  }
  return root;
}

/** Joins the component of `other` with that of `root` (`fresh`: none yet); the smaller root stays. */
function joined(parents: Int32Array, root: number, other: number, fresh: number): number {
  const found = find(parents, other);
  if (root === fresh || root === found) return found;
  const smaller = Math.min(root, found);
  parents[Math.max(root, found)] = smaller;
  return smaller;
}
