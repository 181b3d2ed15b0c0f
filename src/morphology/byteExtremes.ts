import type { FootprintRun } from './footprint.js';
import { type Kernels, layOut } from './kernels.js';

/** One step of a chain: the smallest or largest byte under a footprint. */
export interface ExtremeStep {
  readonly runs: readonly FootprintRun[];
  readonly kind: 'min' | 'max';
}

/**
 * Applies steps in turn to bytes within the memory of the kernels; see `greyExtremes` for the method. With `binary` what is
 * above 0 counts as 1, in and out.
 */
export function byteExtremes(
  kernels: Kernels,
  data: Uint8Array,
  height: number,
  width: number,
  steps: readonly ExtremeStep[],
  binary: boolean,
): Uint8Array {
  const { memory, minBytes, maxBytes, setBytes } = kernels;
  const reach = steps.reduce(
    (most, { runs }) => runs.reduce((far, { first, last }) => Math.max(far, Math.abs(first), Math.abs(last)), most),
    0,
  );
  // A row with room for the reach on both sides, and for what 16 bytes at a time spill over.
  const before = (reach + 15) & ~15;
  const line = (before + width + reach + 47) & ~15;
  const longest = steps.reduce(
    (most, { runs }) => Math.max(most, ...runs.map(({ first, last }) => last - first + 1)),
    1,
  );
  const levels = 32 - Math.clz32(longest);
  const scratchLines = levels + 1 + steps.reduce((most, { runs }) => Math.max(most, runs.length), 0);
  const [imageA, imageB, scratch] = layOut(memory, line * height, line * height, line * scratchLines) as [
    number,
    number,
    number,
  ];
  const bytes = new Uint8Array(memory.buffer);
  const rounded = (width + 15) & ~15;
  for (let row = 0; row < height; row++) {
    const to = imageA + row * line + before;
    bytes.set(data.subarray(row * width, (row + 1) * width), to);
    if (binary) setBytes(to, to, rounded);
  }
  let from = imageA;
  let to = imageB;
  for (const { runs, kind } of steps) {
    const extreme = kind === 'min' ? minBytes : maxBytes;
    const nothing = kind === 'min' ? (binary ? 1 : 255) : 0;
    const lengths = [...new Set(runs.map(({ first, last }) => last - first + 1))].sort((a, b) => a - b);
    bytes.fill(nothing, to, to + line * height);
    bytes.fill(nothing, scratch, scratch + line * scratchLines);
    for (let row = 0; row < height; row++) {
      const source = from + row * line;
      bytes.fill(nothing, source, source + before);
      bytes.fill(nothing, source + before + width, source + line);
      const windows = new Map<number, number>();
      let power = source;
      let size = 1;
      let level = 0;
      lengths.forEach((length, k) => {
        while (2 * size <= length) {
          const next = scratch + level * line;
          extreme(power, power + size, next, line - size - 16);
          power = next;
          size *= 2;
          level++;
        }
        if (length === size) {
          windows.set(length, power);
          return;
        }
        const window = scratch + (levels + k) * line;
        extreme(power, power + length - size, window, line - length - 16);
        windows.set(length, window);
      });
      for (const { row: offset, first, last } of runs) {
        const target = row - offset;
        if (target < 0 || target >= height) continue;
        const place = to + target * line + before;
        extreme(windows.get(last - first + 1)! + before + first, place, place, rounded);
      }
    }
    [from, to] = [to, from];
  }
  const result = new Uint8Array(data.length);
  for (let row = 0; row < height; row++) {
    const at = from + row * line + before;
    result.set(bytes.subarray(at, at + width), row * width);
  }
  return result;
}
