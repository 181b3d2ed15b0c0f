import { type RunKernels, runKernels } from './runKernels.js';
import { borrow, giveBack } from './scratch.js';
import { layOut } from './wasmModules.js';

/**
 * Horizontal runs of equal values other than 0, in raster order; none reaches from one row into the next. The arrays are
 * borrowed, and may be longer.
 */
export interface RowRuns {
  readonly count: number;
  /** Where each run begins in the row-major data. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** Where it ends, exclusive. */
  readonly ends: Int32Array<ArrayBuffer>;
  /** The first run of each row, and one more entry for the end. */
  readonly rowStarts: Int32Array<ArrayBuffer>;
}

/** So many bytes are looked at together by the kernels: they stay in the cache. */
const BAND = 1 << 17;

/** Finds the runs of row-major values, in one pass; with `background` the runs are those of 0. */
export function rowRuns(data: Uint8Array | Int32Array, height: number, width: number, background = false): RowRuns {
  // Few pixels are not worth the kernels' start.
  const fast = data.length < 1 << 14 ? undefined : runKernels();
  return fast === undefined ? byLoop(data, height, width, background) : byKernel(fast, data, height, width, background);
}

/** More runs than most images of particles have. */
function usual({ length }: Uint8Array | Int32Array): number {
  return Math.max(64, length >> 5);
}

/** The runs of bands of rows, one after the other. */
function byKernel(
  { memory, byteRuns, wordRuns }: RunKernels,
  data: Uint8Array | Int32Array,
  height: number,
  width: number,
  background: boolean,
): RowRuns {
  const find = data instanceof Uint8Array ? byteRuns : wordRuns;
  const rows = Math.min(height, Math.max(1, Math.floor(BAND / (width * data.BYTES_PER_ELEMENT))));
  // One run more than there are pixels: the kernel writes where a run may begin before it knows whether it does.
  const most = 4 * (rows * width + 1);
  const [band, from, to, firsts] = layOut(memory, rows * width * data.BYTES_PER_ELEMENT, most, most, 4 * rows) as [
    number,
    number,
    number,
    number,
  ];
  const samples =
    data instanceof Uint8Array
      ? new Uint8Array(memory.buffer, band, rows * width)
      : new Int32Array(memory.buffer, band, rows * width);
  const foundStarts = new Int32Array(memory.buffer, from, rows * width);
  const foundEnds = new Int32Array(memory.buffer, to, rows * width);
  const rowStarts = borrow(height + 1);
  let starts = borrow(usual(data));
  let ends = borrow(usual(data));
  let count = 0;
  for (let row = 0; row < height; row += rows) {
    const some = Math.min(rows, height - row);
    const first = row * width;
    samples.set(data.subarray(first, first + some * width));
    const found = find(band, some, width, background ? 1 : 0, first, from, to, firsts);
    const rowFirsts = new Int32Array(memory.buffer, firsts, some);
    for (let k = 0; k < some; k++) rowStarts[row + k] = count + rowFirsts[k]!;
    if (count + found > Math.min(starts.length, ends.length)) {
      starts = grown(starts, count, 2 * (count + found));
      ends = grown(ends, count, 2 * (count + found));
    }
    starts.set(foundStarts.subarray(0, found), count);
    ends.set(foundEnds.subarray(0, found), count);
    count += found;
  }
  rowStarts[height] = count;
  return { count, starts, ends, rowStarts };
}

function byLoop(data: Uint8Array | Int32Array, height: number, width: number, background: boolean): RowRuns {
  const rowStarts = borrow(height + 1);
  let starts = borrow(usual(data));
  let ends = borrow(usual(data));
  let count = 0;
  // Bytes are passed over four at a time where they lie so.
  const words =
    LITTLE_ENDIAN && data instanceof Uint8Array && data.byteOffset % 4 === 0 && data.length % 4 === 0
      ? new Int32Array(data.buffer, data.byteOffset, data.length >> 2)
      : undefined;
  for (let row = 0; row < height; row++) {
    rowStarts[row] = count;
    const rowEnd = (row + 1) * width;
    let at = row * width;
    while (at < rowEnd) {
      const start = background ? zeroFrom(data, words, at, rowEnd) : stretchEnd(data, words, 0, at, rowEnd);
      if (start === rowEnd) break;
      at = stretchEnd(data, words, data[start]!, start, rowEnd);
      if (count === Math.min(starts.length, ends.length)) {
        starts = grown(starts, count, 2 * count);
        ends = grown(ends, count, 2 * count);
      }
      starts[count] = start;
      ends[count++] = at;
    }
  }
  rowStarts[height] = count;
  return { count, starts, ends, rowStarts };
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

function grown(array: Int32Array<ArrayBuffer>, used: number, capacity: number): Int32Array<ArrayBuffer> {
  const result = borrow(capacity);
  result.set(array.subarray(0, used));
  giveBack(array);
  return result;
}
