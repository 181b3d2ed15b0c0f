import { contiguous, createMask } from '../core/arrays.js';
import type { Mask } from '../core/types.js';

/**
 * Peels the foreground until nothing changes. Neighbourhoods are numbers of 8 bits, clockwise from the pixel above; a
 * pixel goes in the passes (bit 1 the first, 2 the second) that its neighbourhood allows. All pixels of a pass are judged
 * before any is taken. Beyond the border is background.
 */
export function peel(mask: Mask, table: Uint8Array, maxIterations: number): Mask {
  const [height, width] = mask.shape as [number, number];
  const { data } = contiguous(mask);
  const line = width + 2;
  const padded = new Uint8Array(line * (height + 2));
  let active: number[] = [];
  for (let row = 0, from = 0; row < height; row++) {
    for (let x = 0, at = (row + 1) * line + 1; x < width; x++, at++, from++) {
      if (data[from] === 0) continue;
      padded[at] = 1;
      active.push(at);
    }
  }
  const around = (at: number) =>
    padded[at - line]! +
    2 * padded[at - line + 1]! +
    4 * padded[at + 1]! +
    8 * padded[at + line + 1]! +
    16 * padded[at + line]! +
    32 * padded[at + line - 1]! +
    64 * padded[at - 1]! +
    128 * padded[at - line - 1]!;
  for (let iteration = 0, changed = true; changed && iteration < maxIterations; iteration++) {
    changed = false;
    for (const pass of [1, 2]) {
      const going = active.filter((at) => (table[around(at)]! & pass) !== 0);
      if (going.length === 0) continue;
      changed = true;
      for (const at of going) padded[at] = 0;
      active = active.filter((at) => padded[at] === 1);
    }
  }
  const result = createMask(undefined, [height, width]);
  for (const at of active) result.data[at - line - 1 - 2 * (Math.floor(at / line) - 1)] = 1;
  return result;
}

/** Reads the neighbourhood `bits` as booleans: p[0] above, then clockwise. */
export function neighbours(bits: number): boolean[] {
  return Array.from({ length: 8 }, (_, i) => (bits & (1 << i)) !== 0);
}
