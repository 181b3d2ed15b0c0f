import { createMask } from '../core/arrays.js';
import { requireInteger, requireKnownOptions } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import type { Mask } from '../core/types.js';
import { readIntegerSamples } from './integerSamples.js';
import { position } from './toImage.js';

/** Options of {@link decodeMask}. */
export interface DecodeMaskOptions {
  /** Reads any value above 0 as 1, so that masks of 0 and 255 become 0 and 1. @defaultValue false */
  binary?: boolean;
  /** Number of classes; larger indices are refused. Without it, up to 255 is allowed. */
  classes?: number;
  /** Which page of a TIFF file of several, from 0. */
  page?: number;
}

/**
 * Reads a mask from a PNG, TIFF or NPY file: class indices as stored. A palette gives its indices, greys of less than 8
 * bits are not stretched, and channels that are equal everywhere count as one.
 *
 * @throws FormatError where a value is negative, fractional or above 255 (with its position), or the channels differ.
 *
 * @example
 * ```ts
 * const bytes = encodePng(createMask([0, 255, 255, 0], [2, 2]));
 * const mask = await decodeMask(bytes, { binary: true });
 * mask.data; // [0, 1, 1, 0]
 * ```
 */
export async function decodeMask(bytes: Uint8Array, options: DecodeMaskOptions = {}): Promise<Mask> {
  requireKnownOptions('decodeMask', options, ['binary', 'classes', 'page']);
  const { binary = false, classes, page } = options;
  if (classes !== undefined) requireInteger('classes', classes, { min: 1, max: 256 });
  if (page !== undefined) requireInteger('page', page, { min: 0 });
  const { data, height, width } = await readIntegerSamples(bytes, page);
  const result = new Uint8Array(data.length);
  const largest = binary ? Number.POSITIVE_INFINITY : (classes ?? 256) - 1;
  for (let i = 0; i < result.length; i++) {
    const value = data[i]!;
    if (!(value >= 0 && value <= largest && (binary || Number.isInteger(value)))) {
      const range = binary ? 'of 0 or more' : `in 0..${largest}`;
      throw new FormatError(
        `The mask must hold class indices ${range}, got ${value} at ${position(i, [height, width])}.`,
      );
    }
    result[i] = binary ? Number(value > 0) : value;
  }
  return createMask(result, [height, width]);
}
