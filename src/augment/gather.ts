import type { PixelData, Point } from '../core/types.js';
import type { Geometry } from './samples.js';
import type { PaddingMode } from './types.js';

/** Returns the index within 0..size - 1 that stands for `index`, or -1 where a constant does. */
export function borderIndex(index: number, size: number, mode: PaddingMode): number {
  if (index >= 0 && index < size) return index;
  switch (mode) {
    case 'constant':
      return -1;
    case 'replicate':
      return index < 0 ? 0 : size - 1;
    case 'wrap':
      return ((index % size) + size) % size;
    case 'reflect': {
      const place = ((index % (2 * size)) + 2 * size) % (2 * size);
      return place < size ? place : 2 * size - 1 - place;
    }
    case 'reflect101': {
      if (size === 1) return 0;
      const period = 2 * (size - 1);
      const place = ((index % period) + period) % period;
      return place < size ? place : period - place;
    }
  }
}

/** Which source row and column each row and column of the result shows; -1 for fill. */
export interface IndexMaps {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /** True where rows of the result are columns of the source. */
  readonly transposed?: boolean;
}

/** Copies pixels by index maps; `width` is that of the source. */
export function gather<T extends PixelData | Int32Array>(
  data: T,
  width: number,
  channels: number,
  { rows, columns, transposed = false }: IndexMaps,
  fill: number,
): T {
  const result = new (data.constructor as { new (size: number): T })(rows.length * columns.length * channels);
  if (fill !== 0) result.fill(fill);
  const rowStep = transposed ? channels : width * channels;
  const columnStep = transposed ? width * channels : channels;
  // Rows that are copied as they are, as in crops and vertical flips.
  const whole = !transposed && columns[0]! >= 0 && columns.every((column, j) => column === columns[0]! + j);
  let to = 0;
  for (let i = 0; i < rows.length; i++) {
    if (rows[i]! < 0) {
      to += columns.length * channels;
      continue;
    }
    const start = rows[i]! * rowStep;
    if (whole) {
      const from = start + columns[0]! * channels;
      result.set(data.subarray(from, from + columns.length * channels), to);
      to += columns.length * channels;
      continue;
    }
    if (channels === 1) {
      for (let j = 0; j < columns.length; j++, to++) {
        const column = columns[j]!;
        if (column >= 0) result[to] = data[start + column * columnStep]!;
      }
      continue;
    }
    for (let j = 0; j < columns.length; j++, to += channels) {
      if (columns[j]! < 0) continue;
      const from = start + columns[j]! * columnStep;
      for (let k = 0; k < channels; k++) result[to + k] = data[from + k]!;
    }
  }
  return result;
}

/** Returns `length` indices from `start` on, stepping by `step`. */
export function steps(length: number, start: number, step: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => start + i * step);
}

/** Returns the geometry that copies pixels by index maps. */
export function gatherGeometry(
  maps: IndexMaps,
  sourceWidth: number,
  point: (x: number, y: number) => Point,
  { fill = 0, fillMask = 0 }: { fill?: number; fillMask?: number } = {},
): Geometry {
  return {
    height: maps.rows.length,
    width: maps.columns.length,
    image: ({ data, width, channels }) => gather(data, width, channels, maps, fill),
    ids: (data, missing) => gather(data, sourceWidth, 1, maps, missing),
    point,
    fillMask,
  };
}
