import type { Mask, PixelData } from '../core/types.js';
import { type BorderMode, beyond, paddedPlaces } from './borders.js';
import { offsetsOf } from './footprint.js';
import { sameType } from './greyImage.js';

/**
 * The value of a given rank (0 lowest, 1 highest, 0.5 the middle one, the upper of two) among the pixels of a footprint
 * around each pixel. Bytes keep a histogram that moves along the row (Huang, Yang and Tang 1979); other samples are
 * selected anew at each pixel.
 */
export function rankFilter<T extends PixelData>(
  data: T,
  height: number,
  width: number,
  footprint: Mask,
  mode: BorderMode,
  share: number,
  result: T = sameType(data, data.length),
): T {
  const offsets = offsetsOf(footprint);
  const count = offsets.length;
  const rank = Math.min(count - 1, Math.floor(share * count));
  const reach = offsets.reduce((most, { row, column }) => Math.max(most, Math.abs(row), Math.abs(column)), 0);
  const paddedWidth = width + 2 * reach;
  const padded = sameType(data, paddedWidth * (height + 2 * reach));
  const places = paddedPlaces(width, reach, reach, mode);
  for (let row = -reach, at = 0; row < height + reach; row++) {
    const from = beyond(row, height, mode);
    for (let i = 0; i < paddedWidth; i++, at++) {
      padded[at] = from < 0 || places[i]! < 0 ? 0 : data[from * width + places[i]!]!;
    }
  }
  const steps = Int32Array.from(offsets, ({ row, column }) => row * paddedWidth + column);
  const start = (row: number) => (row + reach) * paddedWidth + reach;
  if (padded instanceof Uint8Array) {
    slide(padded, result as Uint8Array, height, width, start, offsets, paddedWidth, rank);
  } else {
    const values = new Float64Array(count);
    for (let row = 0, to = 0; row < height; row++) {
      for (let at = start(row), end = at + width; at < end; at++, to++) {
        for (let k = 0; k < count; k++) values[k] = padded[at + steps[k]!]!;
        result[to] = select(values, rank);
      }
    }
  }
  return result;
}

/** Moves a histogram along each row: one pixel enters and one leaves for each run of the footprint. */
function slide(
  padded: Uint8Array,
  result: Uint8Array,
  height: number,
  width: number,
  start: (row: number) => number,
  offsets: ReadonlyArray<{ readonly row: number; readonly column: number }>,
  paddedWidth: number,
  rank: number,
): void {
  const has = new Set(offsets.map(({ row, column }) => `${row} ${column}`));
  const step = ({ row, column }: { readonly row: number; readonly column: number }) => row * paddedWidth + column;
  const entering = Int32Array.from(
    offsets.filter(({ row, column }) => !has.has(`${row} ${column + 1}`)),
    step,
  );
  const leaving = Int32Array.from(
    offsets.filter(({ row, column }) => !has.has(`${row} ${column - 1}`)),
    step,
  );
  const all = Int32Array.from(offsets, step);
  const counts = new Int32Array(256);
  for (let row = 0, to = 0; row < height; row++) {
    counts.fill(0);
    let at = start(row);
    for (const offset of all) counts[padded[at + offset]!]!++;
    // `below` is the number of values smaller than `level`, which holds the value of the rank.
    let level = 0;
    let below = 0;
    for (let x = 0; x < width; x++, at++, to++) {
      while (below > rank) below -= counts[--level]!;
      while (below + counts[level]! <= rank) below += counts[level++]!;
      result[to] = level;
      for (let k = 0; k < leaving.length; k++) {
        const value = padded[at + leaving[k]!]!;
        counts[value]!--;
        if (value < level) below--;
      }
      for (let k = 0; k < entering.length; k++) {
        const value = padded[at + 1 + entering[k]!]!;
        counts[value]!++;
        if (value < level) below++;
      }
    }
  }
}

/** The value that stands at `rank` when sorted (Hoare's selection); reorders the values. */
function select(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const kept = values[i]!;
        values[i++] = values[j]!;
        values[j--] = kept;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank]!;
}
