import { pixels } from '../core/arrays.js';
import { requireImage } from '../core/check.js';
import type { Image, PixelData } from '../core/types.js';

/** A grey image laid out for a tight loop. */
export interface GreyImage {
  readonly data: PixelData;
  readonly height: number;
  readonly width: number;
}

/** Checks that an image has one channel and lays it out; `data` may be the image's own. */
export function greyImage(name: string, image: Image): GreyImage {
  requireImage(name, image);
  const { data, height, width, channels } = pixels(image);
  if (channels !== 1) throw new RangeError(`${name} must have one channel, got ${channels}; see toGrey.`);
  return { data, height, width };
}

/** Throws where a sample is not finite. */
export function requireFiniteSamples(name: string, data: PixelData): void {
  if (!(data instanceof Float32Array)) return;
  for (let i = 0; i < data.length; i++) {
    // 0 for finite numbers, else NaN: half the time of Number.isFinite.
    if (data[i]! * 0 !== 0) {
      throw new RangeError(`${name} must hold finite samples, got ${data[i]} at index ${i}.`);
    }
  }
}

/** A new array of the same sample type. */
export function sameType<T extends PixelData>(data: T, length: number): T {
  return new (data.constructor as { new (length: number): T })(length);
}
