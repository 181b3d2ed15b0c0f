import type { Places } from './places.js';

type Integers = Uint8Array | Uint16Array;

/** As `scanFloatsDown`, without jumps that depend on the samples: on noise those take most of the time. */
export function scanIntegersDown(
  seed: Integers,
  mask: Integers,
  height: number,
  width: number,
  eight: boolean,
  raised?: Places,
): void {
  const last = width - 1;
  for (let row = 0, at = 0; row < height; row++) {
    const inside = row > 0;
    let value = 0;
    let left = 0;
    let middle = inside ? seed[at - width]! : 0;
    for (let x = 0; x < width; x++, at++) {
      const right = inside && x < last ? seed[at - width + 1]! : 0;
      const before = seed[at]!;
      const limit = mask[at]!;
      value = larger(value, middle);
      if (eight) {
        value = larger(value, left);
        value = larger(value, right);
      }
      value = smaller(value, limit);
      value = larger(value, before);
      seed[at] = value;
      if (raised !== undefined && value !== before) raised.push(at);
      left = middle;
      middle = right;
    }
  }
}

/** As `scanFloatsUp`, likewise. */
export function scanIntegersUp(seed: Integers, mask: Integers, height: number, width: number, eight: boolean): void {
  const last = width - 1;
  for (let row = height - 1, at = height * width - 1; row >= 0; row--) {
    const inside = row < height - 1;
    let value = 0;
    let right = 0;
    let middle = inside ? seed[at + width]! : 0;
    for (let x = last; x >= 0; x--, at--) {
      const left = inside && x > 0 ? seed[at + width - 1]! : 0;
      const before = seed[at]!;
      const limit = mask[at]!;
      value = larger(value, middle);
      if (eight) {
        value = larger(value, right);
        value = larger(value, left);
      }
      value = smaller(value, limit);
      value = larger(value, before);
      seed[at] = value;
      right = middle;
      middle = left;
    }
  }
}

// The sign of the difference, spread over all bits, picks it or 0.
function larger(a: number, b: number): number {
  const difference = (a - b) | 0;
  return (a - (difference & (difference >> 31))) | 0;
}

function smaller(a: number, b: number): number {
  const difference = (a - b) | 0;
  return (b + (difference & (difference >> 31))) | 0;
}
