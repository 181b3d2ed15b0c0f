import { type BorderMode, beyond, paddedPlaces } from './borders.js';
import type { Kernels } from './kernels.js';
import { layOut } from './wasmModules.js';

/** Medians of 5 x 5 bytes, row by row in the memory of the kernels, written to `result`. */
export function medianOfBytes(
  { memory, medianRow }: Kernels,
  data: Uint8Array,
  height: number,
  width: number,
  mode: BorderMode,
  result: Uint8Array,
): void {
  const line = (width + 4 + 31) & ~15;
  const [ring, columns, out] = layOut(memory, 5 * line, 5 * line + 64, line) as [number, number, number];
  const bytes = new Uint8Array(memory.buffer);
  const before = paddedPlaces(width, 2, 2, mode);
  const sides = [0, 1, width + 2, width + 3];
  const load = (row: number) => {
    const from = beyond(row, height, mode) * width;
    const to = ring + ((row + 5) % 5) * line;
    if (from < 0) {
      bytes.fill(0, to, to + width + 4);
      return;
    }
    bytes.set(data.subarray(from, from + width), to + 2);
    for (const side of sides) bytes[to + side] = before[side]! < 0 ? 0 : data[from + before[side]!]!;
  };
  for (let row = -2; row < 2; row++) load(row);
  const rounded = (width + 15) & ~15;
  const at = (row: number) => ring + ((row + 5) % 5) * line;
  for (let row = 0; row < height; row++) {
    load(row + 2);
    medianRow(at(row - 2), at(row - 1), at(row), at(row + 1), at(row + 2), columns, line, out, rounded);
    result.set(bytes.subarray(out, out + width), row * width);
  }
}
