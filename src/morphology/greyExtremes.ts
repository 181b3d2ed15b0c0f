import type { PixelData } from '../core/types.js';
import type { FootprintRun } from './footprint.js';
import { sameType } from './greyImage.js';

/** What a pixel beyond the border is worth: nothing, to a minimum or a maximum. */
function identity(data: PixelData, kind: 'min' | 'max'): number {
  if (data instanceof Float32Array) return kind === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return kind === 'max' ? 0 : data instanceof Uint8Array ? 255 : 65535;
}

/**
 * The smallest or largest sample of each pixel's neighbourhood. Rows of a footprint ask for extremes of horizontal
 * windows, which are built up by doubling, once a row and length; beyond the border counts as nothing.
 */
export function greyExtremes<T extends PixelData>(
  data: T,
  height: number,
  width: number,
  runs: readonly FootprintRun[],
  kind: 'min' | 'max',
): T {
  const nothing = identity(data, kind);
  const result = sameType(data, data.length).fill(nothing) as T;
  const reach = runs.reduce((most, { first, last }) => Math.max(most, Math.abs(first), Math.abs(last)), 0);
  const lengths = [...new Set(runs.map(({ first, last }) => last - first + 1))].sort((a, b) => a - b);
  const padded = width + 2 * reach;
  // Windows of 1, 2, 4, ... pixels, and those of the lengths asked for; each by its first pixel.
  const powers = [sameType(data, padded).fill(nothing) as T];
  for (let size = 2; size <= lengths[lengths.length - 1]!; size *= 2)
    powers.push(sameType(data, padded).fill(nothing) as T);
  const windows = new Map(lengths.map((length) => [length, sameType(data, padded).fill(nothing) as T]));
  const extreme = kind === 'min' ? smaller : larger;
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const line = powers[0]!;
    for (let x = 0; x < width; x++) line[reach + x] = data[start + x]!;
    let level = 0;
    for (const length of lengths) {
      while (2 << level <= length) {
        const size = 1 << level;
        extreme(powers[level]!, 0, powers[level]!, size, powers[level + 1]!, 0, padded - size);
        level++;
      }
      const window = windows.get(length)!;
      const from = powers[level]!;
      extreme(from, 0, from, length - (1 << level), window, 0, padded - length + 1);
    }
    for (const { row: offset, first, last } of runs) {
      const to = row - offset;
      if (to < 0 || to >= height) continue;
      extreme(windows.get(last - first + 1)!, reach + first, result, to * width, result, to * width, width);
    }
  }
  return result;
}

function smaller(a: PixelData, i: number, b: PixelData, j: number, to: PixelData, at: number, count: number): void {
  for (let k = 0; k < count; k++) {
    const p = a[i + k]!;
    const q = b[j + k]!;
    to[at + k] = p < q ? p : q;
  }
}

function larger(a: PixelData, i: number, b: PixelData, j: number, to: PixelData, at: number, count: number): void {
  for (let k = 0; k < count; k++) {
    const p = a[i + k]!;
    const q = b[j + k]!;
    to[at + k] = p > q ? p : q;
  }
}
