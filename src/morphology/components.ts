import { requireOneOf } from '../core/check.js';

/**
 * Which pixels touch: the 4 that share an edge with a pixel, or the 8 that share an edge or a corner. scikit-image calls
 * them 1 and 2.
 */
export type Connectivity = 4 | 8;

/** Throws unless `value` is 4 or 8. */
export function requireConnectivity(value: unknown): asserts value is Connectivity {
  requireOneOf('connectivity', value, [4, 8]);
}

/** Connected components: an id per pixel, 1 to `count` in raster order of their first pixels, 0 = background. */
export interface Components {
  readonly ids: Int32Array;
  readonly count: number;
}

/**
 * Labels the connected components of equal, non-zero values in row-major data: a union-find over horizontal runs
 * (He, Chao and Suzuki 2008). Two passes over the pixels, whatever the shapes.
 */
export function components(
  data: Uint8Array | Int32Array,
  height: number,
  width: number,
  connectivity: Connectivity,
): Components {
  const reach = connectivity === 8 ? 1 : 0;
  let capacity = 1024;
  // A run is [start, end) in the row-major data; its parent is an earlier run of the same component, or itself.
  let starts = new Int32Array(capacity);
  let ends = new Int32Array(capacity);
  let parents = new Int32Array(capacity);
  let count = 0;
  let above = 0;
  let aboveEnd = 0;

  for (let row = 0; row < height; row++) {
    const first = count;
    const rowEnd = (row + 1) * width;
    let at = row * width;
    while (at < rowEnd) {
      const value = data[at]!;
      if (value === 0) {
        at++;
        continue;
      }
      const start = at++;
      while (at < rowEnd && data[at] === value) at++;
      if (count === capacity) {
        capacity *= 2;
        starts = grown(starts, capacity);
        ends = grown(ends, capacity);
        parents = grown(parents, capacity);
      }
      // Runs above that end before this one begins cannot touch it or any later one of this row.
      const from = start - width - reach;
      const to = at - width + reach;
      while (above < aboveEnd && ends[above]! <= from) above++;
      let root = count;
      for (let other = above; other < aboveEnd && starts[other]! < to; other++) {
        if (data[starts[other]!] === value) root = joined(parents, root, other, count);
      }
      starts[count] = start;
      ends[count] = at;
      parents[count] = root;
      count++;
    }
    above = first;
    aboveEnd = count;
  }

  const ids = new Int32Array(height * width);
  let total = 0;
  for (let run = 0; run < count; run++) {
    // Parents come first, so theirs are ids already; they take the place of the parents, which are not needed again.
    const parent = parents[run]!;
    const id = parent === run ? ++total : parents[parent]!;
    parents[run] = id;
    const end = ends[run]!;
    for (let i = starts[run]!; i < end; i++) ids[i] = id;
  }
  return { ids, count: total };
}

function grown(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const result = new Int32Array(capacity);
  result.set(array);
  return result;
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
