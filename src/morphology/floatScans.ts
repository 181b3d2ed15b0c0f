import type { PixelData } from '../core/types.js';
import type { Places } from './places.js';

/**
 * Raises each pixel to the largest of its neighbours on the left and above, as far as its limit, row by row from the top; notes
 * which it raised.
 */
export function scanFloatsDown(
  seed: PixelData,
  mask: PixelData,
  height: number,
  width: number,
  eight: boolean,
  raised?: Places,
): void {
  const nothing = seed instanceof Float32Array ? Number.NEGATIVE_INFINITY : 0;
  const last = width - 1;
  for (let row = 0, at = 0; row < height; row++) {
    const inside = row > 0;
    let value = nothing;
    let left = nothing;
    let middle = inside ? seed[at - width]! : nothing;
    for (let x = 0; x < width; x++, at++) {
      const right = inside && x < last ? seed[at - width + 1]! : nothing;
      const before = seed[at]!;
      const limit = mask[at]!;
      if (middle > value) value = middle;
      if (eight) {
        if (left > value) value = left;
        if (right > value) value = right;
      }
      if (value >= limit) value = limit;
      if (value > before) {
        seed[at] = value;
        if (raised !== undefined) raised.push(at);
      } else {
        value = before;
      }
      left = middle;
      middle = right;
    }
  }
}

/** Raises each pixel to the largest of its neighbours on the right and below, as far as its limit, row by row from the bottom. */
export function scanFloatsUp(seed: PixelData, mask: PixelData, height: number, width: number, eight: boolean): void {
  const nothing = seed instanceof Float32Array ? Number.NEGATIVE_INFINITY : 0;
  const last = width - 1;
  for (let row = height - 1, at = height * width - 1; row >= 0; row--) {
    const inside = row < height - 1;
    let value = nothing;
    let right = nothing;
    let middle = inside ? seed[at + width]! : nothing;
    for (let x = last; x >= 0; x--, at--) {
      const left = inside && x > 0 ? seed[at + width - 1]! : nothing;
      const before = seed[at]!;
      const limit = mask[at]!;
      if (middle > value) value = middle;
      if (eight) {
        if (right > value) value = right;
        if (left > value) value = left;
      }
      if (value >= limit) value = limit;
      if (value > before) seed[at] = value;
      else value = before;
      right = middle;
      middle = left;
    }
  }
}
