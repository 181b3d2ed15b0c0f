import type { FootprintRun } from './footprint.js';
import { type Kernels, layOut } from './kernels.js';

/** One step of a chain: the smallest or largest sample under a footprint. */
export interface ExtremeStep {
  readonly runs: readonly FootprintRun[];
  readonly kind: 'min' | 'max';
}

/**
 * Applies steps in turn to samples within the memory of the kernels and writes `result`; see `greyExtremes` for the method.
 * With `binary` what is above 0 counts as 1, in and out.
 */
export function kernelExtremes<T extends Uint8Array | Float32Array>(
  kernels: Kernels,
  data: T,
  height: number,
  width: number,
  steps: readonly ExtremeStep[],
  result: T,
  binary = false,
): void {
  const { memory, setBytes } = kernels;
  const size = data.BYTES_PER_ELEMENT;
  const reach = steps.reduce(
    (most, { runs }) => runs.reduce((far, { first, last }) => Math.max(far, Math.abs(first), Math.abs(last)), most),
    0,
  );
  // In bytes: a row with room for the reach on both sides, and for what 16 bytes at a time spill over.
  const before = (reach * size + 15) & ~15;
  const line = (before + (width + reach) * size + 47) & ~15;
  const rounded = (width * size + 15) & ~15;
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
  const samples = (size === 1 ? new Uint8Array(memory.buffer) : new Float32Array(memory.buffer)) as T;
  const fill = (value: number, start: number, end: number) => samples.fill(value, start / size, end / size);
  for (let row = 0; row < height; row++) {
    const to = imageA + row * line + before;
    samples.set(data.subarray(row * width, (row + 1) * width), to / size);
    if (binary) setBytes(to, to, rounded);
  }
  let from = imageA;
  let to = imageB;
  for (const { runs, kind } of steps) {
    const small = kind === 'min';
    const extreme =
      size === 1 ? (small ? kernels.minBytes : kernels.maxBytes) : small ? kernels.minFloats : kernels.maxFloats;
    const highest = size === 4 ? Number.POSITIVE_INFINITY : binary ? 1 : 255;
    const nothing = small ? highest : size === 4 ? Number.NEGATIVE_INFINITY : 0;
    const lengths = [...new Set(runs.map(({ first, last }) => last - first + 1))].sort((a, b) => a - b);
    const windows = new Map<number, number>();
    fill(nothing, to, to + line * height);
    fill(nothing, scratch, scratch + line * scratchLines);
    for (let row = 0; row < height; row++) {
      const source = from + row * line;
      fill(nothing, source, source + before);
      fill(nothing, source + before + width * size, source + line);
      let power = source;
      let span = 1;
      let level = 0;
      for (let k = 0; k < lengths.length; k++) {
        const length = lengths[k]!;
        while (2 * span <= length) {
          const next = scratch + level * line;
          extreme(power, power + span * size, next, line - span * size - 16);
          power = next;
          span *= 2;
          level++;
        }
        if (length === span) {
          windows.set(length, power);
          continue;
        }
        const window = scratch + (levels + k) * line;
        extreme(power, power + (length - span) * size, window, line - length * size - 16);
        windows.set(length, window);
      }
      for (const { row: offset, first, last } of runs) {
        const target = row - offset;
        if (target < 0 || target >= height) continue;
        const place = to + target * line + before;
        extreme(windows.get(last - first + 1)! + before + first * size, place, place, rounded);
      }
    }
    [from, to] = [to, from];
  }
  for (let row = 0; row < height; row++) {
    const at = (from + row * line + before) / size;
    result.set(samples.subarray(at, at + width), row * width);
  }
}
