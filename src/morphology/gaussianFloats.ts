import type { PixelData } from '../core/types.js';
import { type BorderMode, beyond, paddedPlaces } from './borders.js';
import { type Kernels, kernels } from './kernels.js';
import { layOut } from './wasmModules.js';

/**
 * Smooths one channel by symmetric kernels in float32: down the columns, then along the rows, products added from the middle
 * outwards; they are written to `result`. The kernels of WebAssembly and the loops that stand in round alike, step by step.
 */
export function gaussianFloats(
  data: PixelData,
  height: number,
  width: number,
  down: Float64Array,
  along: Float64Array,
  mode: BorderMode,
  result: Float32Array = new Float32Array(data.length),
): Float32Array {
  const fast = kernels();
  const rows = Float32Array.from(down);
  const columns = Float32Array.from(along);
  return fast === undefined
    ? byLoops(data, height, width, rows, columns, mode, result)
    : byKernels(fast, data, height, width, rows, columns, mode, result);
}

function byKernels(
  { memory, bytesToFloats, acrossRows, alongRow }: Kernels,
  data: PixelData,
  height: number,
  width: number,
  down: Float32Array,
  along: Float32Array,
  mode: BorderMode,
  result: Float32Array,
): Float32Array {
  const radius = down.length - 1;
  const reach = along.length - 1;
  const slots = 2 * radius + 1;
  // Floats a row: eight are written at a time.
  const line = (width + 15) & ~7;
  const long = (width + 2 * reach + 15) & ~7;
  const [ring, raw, table, downAt, alongAt, middle, out] = layOut(
    memory,
    4 * line * (slots + 1),
    line,
    4 * slots,
    4 * down.length,
    4 * along.length,
    4 * long,
    4 * line,
  ) as [number, number, number, number, number, number, number];
  const bytes = new Uint8Array(memory.buffer);
  const floats = new Float32Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  floats.set(down, downAt / 4);
  floats.set(along, alongAt / 4);
  const zeros = ring + 4 * line * slots;
  floats.fill(0, zeros / 4, zeros / 4 + line);
  const load = (row: number) => {
    const to = ring + 4 * line * (row % slots);
    if (data instanceof Uint8Array) {
      bytes.set(data.subarray(row * width, (row + 1) * width), raw);
      bytesToFloats(raw, to, width);
    } else {
      floats.set(data.subarray(row * width, (row + 1) * width), to / 4);
    }
  };
  const places = paddedPlaces(width, reach, reach, mode);
  const sides = Array.from({ length: 2 * reach }, (_, i) => (i < reach ? i : width + i));
  // Rows near the ends may be mirrored from farther than the ring reaches: those are loaded apart.
  const plain = mode === 'nearest' || mode === 'constant' || mode === 'reflect' || mode === 'mirror';
  const whole = plain && height > 2 * radius;
  let loaded = 0;
  for (let row = 0; row < height; row++) {
    if (whole) {
      while (loaded < Math.min(height, row + radius + 1)) load(loaded++);
      for (let k = -radius; k <= radius; k++) {
        const from = beyond(row + k, height, mode);
        words[table / 4 + k + radius] = from < 0 ? zeros : ring + 4 * line * (from % slots);
      }
    } else {
      for (let k = -radius; k <= radius; k++) {
        const from = beyond(row + k, height, mode);
        const slot = k + radius;
        if (from >= 0) floats.set(data.subarray(from * width, (from + 1) * width), ring / 4 + line * slot);
        words[table / 4 + slot] = from < 0 ? zeros : ring + 4 * line * slot;
      }
    }
    acrossRows(table, downAt, radius, middle + 4 * reach, width);
    const start = middle / 4;
    for (const side of sides) {
      const place = places[side]!;
      floats[start + side] = place < 0 ? 0 : floats[start + reach + place]!;
    }
    alongRow(middle, alongAt, reach, out, width);
    result.set(floats.subarray(out / 4, out / 4 + width), row * width);
  }
  return result;
}

function byLoops(
  data: PixelData,
  height: number,
  width: number,
  down: Float32Array,
  along: Float32Array,
  mode: BorderMode,
  result: Float32Array,
): Float32Array {
  const { fround } = Math;
  const reach = along.length - 1;
  const line = new Float32Array(width + 2 * reach);
  const places = paddedPlaces(width, reach, reach, mode);
  const sums = new Float32Array(width);
  for (let row = 0; row < height; row++) {
    const here = row * width;
    for (let x = 0; x < width; x++) sums[x] = fround(down[0]! * fround(data[here + x]!));
    for (let k = 1; k < down.length; k++) {
      const weight = down[k]!;
      const above = beyond(row - k, height, mode) * width;
      const below = beyond(row + k, height, mode) * width;
      for (let x = 0; x < width; x++) {
        const a = above < 0 ? 0 : data[above + x]!;
        const b = below < 0 ? 0 : data[below + x]!;
        sums[x] = fround(sums[x]! + fround(weight * fround(a + b)));
      }
    }
    for (let i = 0; i < line.length; i++) line[i] = places[i]! < 0 ? 0 : sums[places[i]!]!;
    for (let x = 0; x < width; x++) {
      const middle = x + reach;
      let sum = fround(along[0]! * line[middle]!);
      for (let k = 1; k <= reach; k++) {
        sum = fround(sum + fround(along[k]! * fround(line[middle - k]! + line[middle + k]!)));
      }
      result[here + x] = sum;
    }
  }
  return result;
}
