import { type ExtremeStep, extremeOfTwo, lengthsOf, levelsOf, nothingOf, type PaddedRow } from './extremeSteps.js';
import type { Kernels } from './kernels.js';
import { layOut } from './wasmModules.js';

/**
 * Step by step, each row by row of its source: the windows of a row go into every row of the result that they reach. For
 * tall footprints, whose windows of all rows around would not fit into the cache.
 */
export function scatterExtremes<T extends Uint8Array | Float32Array>(
  kernels: Kernels,
  data: T,
  height: number,
  width: number,
  steps: readonly ExtremeStep[],
  result: T,
  binary: boolean,
  { before, line }: PaddedRow,
): void {
  const { memory, setBytes } = kernels;
  const size = data.BYTES_PER_ELEMENT;
  const scratchRows = Math.max(...steps.map(({ runs }) => levelsOf(runs) + 1 + lengthsOf(runs).length));
  const [imageA, imageB, scratch] = layOut(memory, line * height, line * height, line * scratchRows) as [
    number,
    number,
    number,
  ];
  const samples = (size === 1 ? new Uint8Array(memory.buffer) : new Float32Array(memory.buffer)) as T;
  const fill = (value: number, start: number, end: number) => samples.fill(value, start / size, end / size);
  const rounded = (width * size + 15) & ~15;
  for (let row = 0; row < height; row++) {
    const to = imageA + row * line + before;
    samples.set(data.subarray(row * width, (row + 1) * width), to / size);
    if (binary) setBytes(to, to, rounded);
  }
  let from = imageA;
  let to = imageB;
  for (const { runs, kind } of steps) {
    const extreme = extremeOfTwo(kernels, kind, size);
    const nothing = nothingOf(kind, size, binary);
    const lengths = lengthsOf(runs);
    const levels = levelsOf(runs);
    const windows = new Map<number, number>();
    fill(nothing, to, to + line * height);
    fill(nothing, scratch, scratch + line * scratchRows);
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
