import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireImage, requireInteger, requireKnownOptions, show } from '../core/check.js';
import type { Image } from '../core/types.js';
import type { Rgb } from './labelColor.js';
import { requireRgb, requireStretch, type Stretch, toRgb } from './rgb.js';

/** Options of {@link sideBySide}. */
export interface SideBySideOptions {
  /** Pictures in a row; further ones go to the next row. @defaultValue all in one row */
  readonly columns?: number;
  /** Pixels between pictures. @defaultValue 8 */
  readonly gap?: number;
  /** Colour of gaps and of the room beside smaller pictures. @defaultValue [255, 255, 255] */
  readonly background?: Rgb;
  /** How each image becomes 8-bit. @defaultValue 'auto' */
  readonly stretch?: Stretch;
}

/**
 * Returns one 8-bit RGB picture with the images beside each other, for example a micrograph, its truth and its
 * prediction. Each cell is as large as the largest image; smaller ones sit at its top left. Nothing is resized.
 *
 * @throws RangeError where there is no image, or one has neither 1, 3 nor 4 channels; for unknown options.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array(4 * 5), [4, 5]);
 * sideBySide([image, image], { gap: 2 }).shape; // [4, 12, 3]
 * ```
 */
export function sideBySide(images: readonly Image[], options: SideBySideOptions = {}): NdArray<Uint8Array> {
  requireKnownOptions('sideBySide', options, ['columns', 'gap', 'background', 'stretch']);
  if (!Array.isArray(images) || images.length === 0) {
    throw new RangeError(`images must be a list of at least one image, got ${show(images)}.`);
  }
  const { columns = images.length, gap = 8, background = [255, 255, 255], stretch = 'auto' } = options;
  requireInteger('columns', columns, { min: 1 });
  requireInteger('gap', gap, { min: 0 });
  requireRgb('background', background);
  requireStretch(stretch);
  images.forEach((image, i) => {
    requireImage(`images[${i}]`, image);
  });

  const cellHeight = Math.max(...images.map((image) => image.shape[0]!));
  const cellWidth = Math.max(...images.map((image) => image.shape[1]!));
  const across = Math.min(columns, images.length);
  const down = Math.ceil(images.length / across);
  const height = down * cellHeight + (down - 1) * gap;
  const width = across * cellWidth + (across - 1) * gap;
  const result = new Uint8Array(height * width * 3);
  for (let i = 0; i < result.length; i++) result[i] = background[i % 3]!;
  images.forEach((image, i) => {
    const { data, shape } = toRgb(`images[${i}]`, image, stretch);
    const top = Math.floor(i / across) * (cellHeight + gap);
    const left = (i % across) * (cellWidth + gap);
    const line = shape[1]! * 3;
    for (let row = 0; row < shape[0]!; row++) {
      result.set(data.subarray(row * line, (row + 1) * line), ((top + row) * width + left) * 3);
    }
  });
  return createImage(result, [height, width, 3]);
}
