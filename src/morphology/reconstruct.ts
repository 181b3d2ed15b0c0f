import type { PixelData } from '../core/types.js';
import { scanFloatsDown, scanFloatsUp } from './floatScans.js';
import { scanIntegersDown, scanIntegersUp } from './integerScans.js';
import { Places } from './places.js';

/**
 * Grows `seed` in place below `mask` until nothing changes: scans down, up and down, then a queue that begins with what the
 * last one raised: whatever else could still grow would have to be beside it (after Vincent 1993, hybrid). `seed` is nowhere
 * above `mask`.
 */
export function reconstructInPlace(
  seed: PixelData,
  mask: PixelData,
  height: number,
  width: number,
  connectivity: 4 | 8,
): void {
  const eight = connectivity === 8;
  const raised = new Places();
  if (seed instanceof Float32Array || mask instanceof Float32Array) {
    scanFloatsDown(seed, mask, height, width, eight);
    scanFloatsUp(seed, mask, height, width, eight);
    scanFloatsDown(seed, mask, height, width, eight, raised);
  } else {
    scanIntegersDown(seed, mask, height, width, eight);
    scanIntegersUp(seed, mask, height, width, eight);
    scanIntegersDown(seed, mask, height, width, eight, raised);
  }
  spread(seed, mask, height, width, eight, raised);
}

/** Raises neighbours of the places in `from`, then those of what was raised, until nothing changes. */
function spread(seed: PixelData, mask: PixelData, height: number, width: number, eight: boolean, from: Places): void {
  const last = width - 1;
  const bottom = (height - 1) * width;
  const steps = eight ? [-1, 1, -width, width, -width - 1, width - 1, -width + 1, width + 1] : [-1, 1, -width, width];
  const sideways = [-1, 1, 0, 0, -1, -1, 1, 1];
  let front = from;
  let raised = new Places();
  while (front.count > 0) {
    for (let i = 0; i < front.count; i++) {
      const at = front.list[i]!;
      const value = seed[at]!;
      const x = at % width;
      const edge = x === 0 || x === last || at < width || at >= bottom;
      for (let k = 0; k < steps.length; k++) {
        const other = at + steps[k]!;
        if (edge && (other < 0 || other >= seed.length || x + sideways[k]! < 0 || x + sideways[k]! > last)) continue;
        if (seed[other]! >= value) continue;
        const limit = mask[other]!;
        if (seed[other]! >= limit) continue;
        seed[other] = value < limit ? value : limit;
        raised.push(other);
      }
    }
    [front, raised] = [raised, front];
    raised.count = 0;
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
