import type { PixelData } from '../core/types.js';

/**
 * Grows `seed` in place below `mask` until nothing changes: one scan down, one up, then a queue for what is left
 * (Vincent 1993, hybrid). `seed` is nowhere above `mask`.
 */
export function reconstructInPlace(
  seed: PixelData,
  mask: PixelData,
  height: number,
  width: number,
  connectivity: 4 | 8,
): void {
  const eight = connectivity === 8;
  const last = width - 1;
  for (let row = 0, at = 0; row < height; row++) {
    for (let x = 0; x < width; x++, at++) {
      let value = seed[at]!;
      const limit = mask[at]!;
      if (value === limit) continue;
      if (x > 0 && seed[at - 1]! > value) value = seed[at - 1]!;
      if (row > 0) {
        const up = at - width;
        if (seed[up]! > value) value = seed[up]!;
        if (eight) {
          if (x > 0 && seed[up - 1]! > value) value = seed[up - 1]!;
          if (x < last && seed[up + 1]! > value) value = seed[up + 1]!;
        }
      }
      seed[at] = value < limit ? value : limit;
    }
  }
  let queue = new Int32Array(1024);
  let queued = 0;
  const push = (at: number) => {
    if (queued === queue.length) {
      const larger = new Int32Array(2 * queue.length);
      larger.set(queue);
      queue = larger;
    }
    queue[queued++] = at;
  };
  for (let row = height - 1, at = height * width - 1; row >= 0; row--) {
    const below = row < height - 1;
    for (let x = last; x >= 0; x--, at--) {
      let value = seed[at]!;
      const limit = mask[at]!;
      const right = x < last;
      const down = at + width;
      if (value !== limit) {
        if (right && seed[at + 1]! > value) value = seed[at + 1]!;
        if (below) {
          if (seed[down]! > value) value = seed[down]!;
          if (eight) {
            if (right && seed[down + 1]! > value) value = seed[down + 1]!;
            if (x > 0 && seed[down - 1]! > value) value = seed[down - 1]!;
          }
        }
        if (value > limit) value = limit;
        seed[at] = value;
      }
      if (
        (right && seed[at + 1]! < value && seed[at + 1]! < mask[at + 1]!) ||
        (below &&
          ((seed[down]! < value && seed[down]! < mask[down]!) ||
            (eight &&
              ((right && seed[down + 1]! < value && seed[down + 1]! < mask[down + 1]!) ||
                (x > 0 && seed[down - 1]! < value && seed[down - 1]! < mask[down - 1]!)))))
      ) {
        push(at);
      }
    }
  }
  const raise = (at: number, value: number) => {
    if (seed[at]! < value && seed[at]! < mask[at]!) {
      seed[at] = value < mask[at]! ? value : mask[at]!;
      push(at);
    }
  };
  // A ring would save memory; pixels queue up rarely more than once.
  for (let next = 0; next < queued; next++) {
    const at = queue[next]!;
    const value = seed[at]!;
    const x = at % width;
    const left = x > 0;
    const right = x < last;
    if (left) raise(at - 1, value);
    if (right) raise(at + 1, value);
    if (at >= width) {
      raise(at - width, value);
      if (eight && left) raise(at - width - 1, value);
      if (eight && right) raise(at - width + 1, value);
    }
    if (at < mask.length - width) {
      raise(at + width, value);
      if (eight && left) raise(at + width - 1, value);
      if (eight && right) raise(at + width + 1, value);
    }
  }
}

/** Turns values upside down, so that what grows shrinks: 255 - v, 65535 - v, or -v. */
export function inverted<T extends PixelData>(data: T): T {
  const result = data.slice() as T;
  invert(result);
  return result;
}

/** The same in place. */
export function invert(data: PixelData): void {
  const top = data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65535 : 0;
  for (let i = 0; i < data.length; i++) data[i] = top - data[i]!;
}
