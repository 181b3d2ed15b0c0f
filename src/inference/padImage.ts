import type { Pixels } from '../core/arrays.js';

/**
 * Returns float pixels grown to `height` x `width` at the bottom and right, mirrored about the edge pixels
 * (`abc|ba`, as `padToDivisor` does; back and forth where more is asked for, a single pixel is repeated). Internal.
 */
export function padImage(image: Pixels<Float32Array>, height: number, width: number): Float32Array {
  if (image.height === height && image.width === width) return image.data;
  const { channels } = image;
  const result = new Float32Array(height * width * channels);
  const columns = Int32Array.from({ length: width }, (_, column) => mirror(column, image.width));
  let at = 0;
  for (let row = 0; row < height; row++) {
    const line = mirror(row, image.height) * image.width;
    for (let column = 0; column < width; column++) {
      const from = (line + columns[column]!) * channels;
      for (let channel = 0; channel < channels; channel++) result[at++] = image.data[from + channel]!;
    }
  }
  return result;
}

function mirror(index: number, size: number): number {
  if (size === 1) return 0;
  const place = index % (2 * (size - 1));
  return place < size ? place : 2 * (size - 1) - place;
}
