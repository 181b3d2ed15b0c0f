import { createImage } from '../core/arrays.js';
import { FormatError } from '../core/errors.js';
import type { Image } from '../core/types.js';

/** Arrays of numbers that a file may hold. */
export type AnySamples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/**
 * Wraps samples of any type as an image: uint8, uint16 and float32 as they are; signed and 32-bit integers become
 * floats, which must hold each one exactly; doubles are rounded to floats, in whose range they must lie.
 */
export function toImage(format: string, data: AnySamples, shape: readonly [number, number] | readonly number[]): Image {
  if (data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Float32Array) {
    return createImage(data, shape);
  }
  const result = new Float32Array(data);
  const isDouble = data instanceof Float64Array;
  for (let i = 0; i < result.length; i++) {
    const lost = isDouble ? Number.isFinite(data[i]!) && !Number.isFinite(result[i]!) : result[i] !== data[i];
    if (lost) {
      throw new FormatError(
        `${format}: the sample ${data[i]} at ${position(i, shape)} does not fit into a 32-bit float; ` +
          'decodeLabels reads large integers exactly.',
      );
    }
  }
  return createImage(result, shape);
}

/** Row and column of a sample, for messages. */
export function position(index: number, shape: readonly number[]): string {
  const [, width = 1, channels = 1] = shape;
  const pixel = Math.floor(index / channels);
  return `row ${Math.floor(pixel / width)}, column ${pixel % width}`;
}
