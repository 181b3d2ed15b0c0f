/** Horizontal runs of equal values and which of them are connected. */
export interface RunUnion {
  readonly count: number;
  /** Where each run begins in the row-major data, and where it ends, exclusive. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The component of each run, 1 to `total` in raster order of first pixels. */
  readonly ids: Int32Array;
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
  const reach = connectivity === 8 ? 1 : 0;
  // As many runs as particles of a camera's picture have: growing costs fresh memory again.
  let capacity = Math.max(1024, data.length >> 5);
  let starts = new Int32Array(capacity);
  let ends = new Int32Array(capacity);
  // The parent of a run is an earlier run of the same component, or itself.
  let parents = new Int32Array(capacity);
  let count = 0;
  let above = 0;
  let aboveEnd = 0;
  // Bytes are passed over four at a time where they lie so.
  const words =
    LITTLE_ENDIAN && data instanceof Uint8Array && data.byteOffset % 4 === 0 && data.length % 4 === 0
      ? new Int32Array(data.buffer, data.byteOffset, data.length >> 2)
      : undefined;
  for (let row = 0; row < height; row++) {
    const first = count;
    const rowEnd = (row + 1) * width;
    let at = row * width;
    while (at < rowEnd) {
      const start = background ? zeroFrom(data, words, at, rowEnd) : stretchEnd(data, words, 0, at, rowEnd);
      if (start === rowEnd) break;
      const value = data[start]!;
      at = stretchEnd(data, words, value, start, rowEnd);
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
  let total = 0;
  for (let run = 0; run < count; run++) {
    // Parents come first, so theirs are ids already; they take the place of the parents, which are not needed again.
    const parent = parents[run]!;
    parents[run] = parent === run ? ++total : parents[parent]!;
  }
  return { count, starts, ends, ids: parents, total };
}

/** Writes the id of every run to its pixels; with `used` all others are set to 0, else they are 0 already. */
export function paintRuns({ count, starts, ends, ids }: RunUnion, to: Int32Array, used: boolean): void {
  if (used) to.fill(0);
  for (let run = 0; run < count; run++) {
    const id = ids[run]!;
    const end = ends[run]!;
    for (let i = starts[run]!; i < end; i++) to[i] = id;
  }
}

/** Whether the first byte of a word is its lowest. */
const LITTLE_ENDIAN = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/** Where the stretch of `value` that begins at `from`, or there does not, ends; `end` at the latest. */
function stretchEnd(
  data: Uint8Array | Int32Array,
  words: Int32Array | undefined,
  value: number,
  from: number,
  end: number,
): number {
  if (words === undefined) {
    let at = from;
    while (at < end && data[at] === value) at++;
    return at;
  }
  const same = Math.imul(value, 0x01010101);
  let word = from >> 2;
  let different = (words[word]! ^ same) >>> (8 * (from & 3));
  if (different !== 0) return Math.min(end, from + firstByte(different));
  const last = (end + 3) >> 2;
  word++;
  while (word < last && words[word] === same) word++;
  if (word >= last) return end;
  different = words[word]! ^ same;
  return Math.min(end, 4 * word + firstByte(different));
}

/** Where the first 0 from `from` on lies; `end` where there is none. */
function zeroFrom(data: Uint8Array | Int32Array, words: Int32Array | undefined, from: number, end: number): number {
  let at = from;
  if (words === undefined) {
    while (at < end && data[at] !== 0) at++;
    return at;
  }
  while (at < end && (at & 3) !== 0) {
    if (data[at] === 0) return at;
    at++;
  }
  for (; at < end; at += 4) {
    const word = words[at >> 2]!;
    // The lowest bit set is that of the first byte of 0.
    const zeros = (word - 0x01010101) & ~word & 0x80808080;
    if (zeros !== 0) return Math.min(end, at + firstByte(zeros));
  }
  return end;
}

/** The first of the four bytes of a word with a bit set. */
function firstByte(word: number): number {
  return (31 - Math.clz32(word & -word)) >> 3;
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
