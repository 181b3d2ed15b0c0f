import type { PixelData } from '../core/types.js';

/**
 * Ranks of the values among those of the pixels that may be flooded: 0 for the lowest, equal values alike. Places are
 * padded (`line` a row); those where `ids` is below 0 do not count. Bytes and 16-bit values are their own ranks; floats
 * are sorted by their bits, 11 at a time.
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
  let keys = new Uint32Array(count);
  let places = new Int32Array(count);
  let n = 0;
  for (let row = 0; row < height; row++) {
    const from = row * width;
    const to = (row + 1) * line + 1;
    for (let x = 0; x < width; x++) {
      if (ids[to + x]! < 0) continue;
      // Rising with the value: positive floats sort by their bits, negative ones backwards; -0 is 0.
      const b = bits[from + x] === -2147483648 ? 0 : bits[from + x]!;
      keys[n] = b < 0 ? ~b : b | -2147483648;
      places[n++] = to + x;
    }
  }
  let otherKeys = new Uint32Array(count);
  let otherPlaces = new Int32Array(count);
  const offsets = new Int32Array(2048);
  for (const shift of [0, 11, 22]) {
    offsets.fill(0);
    for (let i = 0; i < count; i++) offsets[(keys[i]! >>> shift) & 2047]!++;
    // One digit for all: this pass would change nothing.
    if (count > 0 && offsets[(keys[0]! >>> shift) & 2047] === count) continue;
    let sum = 0;
    for (let digit = 0; digit < 2048; digit++) {
      const size = offsets[digit]!;
      offsets[digit] = sum;
      sum += size;
    }
    for (let i = 0; i < count; i++) {
      const to = offsets[(keys[i]! >>> shift) & 2047]!++;
      otherKeys[to] = keys[i]!;
      otherPlaces[to] = places[i]!;
    }
    [keys, otherKeys] = [otherKeys, keys];
    [places, otherPlaces] = [otherPlaces, places];
  }
  let rank = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0 && keys[i] !== keys[i - 1]) rank++;
    ranks[places[i]!] = rank;
  }
  return { ranks, count: rank + 1 };
}
