import { requireInteger, requireKnownOptions } from '../core/check.js';
import { cut, requireRoom } from './crop.js';
import type { Transform } from './types.js';

/** Options of {@link centerCrop} and {@link randomCrop}. */
export interface CropSizeOptions {
  /** Rows to keep. */
  readonly height: number;
  /** Columns to keep. */
  readonly width: number;
}

/** Checks the size of a crop. */
export function readCropSize(name: string, options: CropSizeOptions): CropSizeOptions {
  requireKnownOptions(name, options, ['height', 'width']);
  requireInteger('height', options.height, { min: 1 });
  requireInteger('width', options.width, { min: 1 });
  return options;
}

/**
 * Returns a transform that keeps the middle of every sample (Albumentations `CenterCrop`); of an odd rest, the smaller
 * half is cut off at the top and left.
 *
 * @throws RangeError where an image is smaller.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 2, 3, 4]), [1, 4]);
 * centerCrop({ height: 1, width: 2 })({ image }, new Random(1)).image.data; // Uint8Array [2, 3]
 * ```
 */
export function centerCrop(options: CropSizeOptions): Transform {
  const { height, width } = readCropSize('centerCrop', options);
  return (sample) => {
    const [rows, columns] = requireRoom('centerCrop', sample, height, width);
    return cut(sample, Math.floor((rows - height) / 2), Math.floor((columns - width) / 2), height, width);
  };
}
