import type { PixelData } from '../core/types.js';

/** The largest value of a sample type: 255, 65535, and 1 for floats. */
export function fullScale(data: PixelData): number {
  return data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65535 : 1;
}

/**
 * Returns values in the sample type of `like`: integers are rounded, ties to even, and saturate at the ends of their
 * range (as OpenCV does); floats stay as they are.
 */
export function quantize(values: Float32Array, like: PixelData): PixelData {
  if (like instanceof Float32Array) return values;
  if (like instanceof Uint8Array) {
    const clamped = new Uint8ClampedArray(values);
    return new Uint8Array(clamped.buffer);
  }
  const result = new Uint16Array(values.length);
  for (let i = 0; i < result.length; i++) {
    const value = Math.min(65535, Math.max(0, values[i]!));
    const floor = Math.floor(value);
    const rest = value - floor;
    result[i] = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  }
  return result;
}

/** Throws where an image of this sample type cannot hold `fill`. */
export function requireFill(fill: number, data: PixelData): void {
  if (data instanceof Float32Array) return;
  const max = fullScale(data);
  if (!Number.isInteger(fill) || fill < 0 || fill > max) {
    throw new RangeError(`fill must be an integer from 0 to ${max} for this image, got ${fill}.`);
  }
}
