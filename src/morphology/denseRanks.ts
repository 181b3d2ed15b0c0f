import type { PixelData } from '../core/types.js';
import { keyOf, rankMemory, ranksOfKeys } from './ranks.js';

/**
 * Ranks of the values among those of the pixels that may be flooded: 0 for the lowest, equal values alike. Places are
 * padded (`line` a row); those where `ids` is below 0 do not count. Bytes and 16-bit values are their own ranks; floats
 * are sorted.
 */
export function denseRanks(
  values: PixelData,
  height: number,
  width: number,
  ids: Int32Array,
  line: number,
): { ranks: Int32Array; count: number } {
  const ranks = new Int32Array(ids.length);
  if (!(values instanceof Float32Array)) {
    for (let row = 0; row < height; row++) {
      const from = row * width;
      const to = (row + 1) * line + 1;
      for (let x = 0; x < width; x++) ranks[to + x] = values[from + x]!;
    }
    return { ranks, count: values instanceof Uint8Array ? 256 : 65536 };
  }
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let count = 0;
  for (let i = 0; i < ids.length; i++) if (ids[i]! >= 0) count++;
  const memory = rankMemory(count);
  let n = 0;
  for (let row = 0; row < height; row++) {
    const from = row * width;
    const to = (row + 1) * line + 1;
    for (let x = 0; x < width; x++) {
      if (ids[to + x]! < 0) continue;
      memory.keys[n] = keyOf(bits[from + x]!);
      memory.places[n++] = to + x;
    }
  }
  return { ranks, count: ranksOfKeys(memory, count, ranks) };
}
