import { createLabels } from '../core/arrays.js';
import { requireInteger, requireKnownOptions } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import type { Labels } from '../core/types.js';
import { readIntegerSamples } from './integerSamples.js';
import { position } from './toImage.js';

/** Options of {@link decodeLabels}. */
export interface DecodeLabelsOptions {
  /** Which page of a TIFF file of several, from 0. */
  page?: number;
}

/**
 * Reads instance ids from a PNG, TIFF or NPY file of 8, 16 or 32 bits, as stored: 0 is background. A palette gives its
 * indices, and channels that are equal everywhere count as one.
 *
 * @throws FormatError where a value is negative, fractional or above 2^31 - 1 (with its position), or the channels
 * differ.
 *
 * @example
 * ```ts
 * const bytes = encodeTiff(createLabels([0, 70000, 2, 0], [2, 2]));
 * const labels = await decodeLabels(bytes);
 * labels.data; // [0, 70000, 2, 0]
 * ```
 */
export async function decodeLabels(bytes: Uint8Array, options: DecodeLabelsOptions = {}): Promise<Labels> {
  requireKnownOptions('decodeLabels', options, ['page']);
  const { page } = options;
  if (page !== undefined) requireInteger('page', page, { min: 0 });
  const { data, height, width } = await readIntegerSamples(bytes, page);
  const result = new Int32Array(data.length);
  for (let i = 0; i < result.length; i++) {
    const value = data[i]!;
    result[i] = value;
    if (result[i] !== value || value < 0) {
      throw new FormatError(
        `The labels must hold instance ids in 0..2147483647, got ${value} at ${position(i, [height, width])}.`,
      );
    }
  }
  return createLabels(result, [height, width]);
}
