import { type CropSizeOptions, readCropSize } from './centerCrop.js';
import { cut, requireRoom } from './crop.js';
import type { Transform } from './types.js';

/**
 * Returns a transform that keeps a part of the given size from a random place of every sample, each place equally
 * often (Albumentations `RandomCrop`, but the last row and column can be reached).
 *
 * @throws RangeError where an image is smaller.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array(64), [8, 8]);
 * randomCrop({ height: 4, width: 5 })({ image }, new Random(1)).image.shape; // [4, 5]
 * ```
 */
export function randomCrop(options: CropSizeOptions): Transform {
  const { height, width } = readCropSize('randomCrop', options);
  return (sample, random) => {
    const [rows, columns] = requireRoom('randomCrop', sample, height, width);
    const top = random.integer(0, rows - height + 1);
    const left = random.integer(0, columns - width + 1);
    return cut(sample, top, left, height, width);
  };
}
