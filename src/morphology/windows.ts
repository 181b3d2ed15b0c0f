import { runUnion } from './runUnion.js';

/** Pixels of an image that are worked on together, as horizontal runs, and the rectangle around them. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  /** Number of its pixels. */
  readonly pixels: number;
  /** All runs of the image: where each begins in row-major data, and where it ends, exclusive. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Runs by window, in raster order within each: those of this one are at `first` to `last - 1`. */
  readonly order: Int32Array;
  readonly first: number;
  readonly last: number;
}

/** All of an image, or what lies on a mask of it, as one window. */
export function wholeImage(mask: Uint8Array | undefined, height: number, width: number): Window {
  const runs =
    mask === undefined
      ? {
          count: height,
          starts: Int32Array.from({ length: height }, (_, row) => row * width),
          ends: Int32Array.from({ length: height }, (_, row) => (row + 1) * width),
        }
      : runUnion(binary(mask), height, width, 8);
  const order = Int32Array.from({ length: runs.count }, (_, run) => run);
  const { starts, ends } = runs;
  let pixels = 0;
  for (let run = 0; run < runs.count; run++) pixels += ends[run]! - starts[run]!;
  return { top: 0, left: 0, height, width, pixels, starts, ends, order, first: 0, last: runs.count };
}

/**
 * The 8-connected pieces of a mask, each with its rectangle; undefined where these overlap so much that together they are
 * more than twice the image.
 */
export function piecesOf(mask: Uint8Array, height: number, width: number): Window[] | undefined {
  const { count, starts, ends, ids, total } = runUnion(binary(mask), height, width, 8);
  const firsts = new Int32Array(total + 2);
  for (let run = 0; run < count; run++) firsts[ids[run]! + 1]!++;
  for (let piece = 1; piece <= total + 1; piece++) firsts[piece]! += firsts[piece - 1]!;
  const order = new Int32Array(count);
  const next = firsts.slice();
  for (let run = 0; run < count; run++) order[next[ids[run]!]!++] = run;
  const windows: Window[] = [];
  let area = 0;
  for (let piece = 1; piece <= total; piece++) {
    const first = firsts[piece]!;
    const last = firsts[piece + 1]!;
    const top = Math.floor(starts[order[first]!]! / width);
    const bottom = Math.floor(starts[order[last - 1]!]! / width) + 1;
    let left = width;
    let right = 0;
    let pixels = 0;
    for (let k = first; k < last; k++) {
      const start = starts[order[k]!]!;
      const end = ends[order[k]!]!;
      const column = start % width;
      left = Math.min(left, column);
      right = Math.max(right, column + end - start);
      pixels += end - start;
    }
    area += (bottom - top) * (right - left);
    if (area > 2 * height * width) return undefined;
    windows.push({ top, left, height: bottom - top, width: right - left, pixels, starts, ends, order, first, last });
  }
  return windows;
}

/** A mask of 0 and 1, the mask itself where it is one. */
function binary(mask: Uint8Array): Uint8Array {
  let highest = 0;
  for (let i = 0; i < mask.length; i++) highest |= mask[i]!;
  return highest < 2 ? mask : mask.map((value) => (value > 0 ? 1 : 0));
}
