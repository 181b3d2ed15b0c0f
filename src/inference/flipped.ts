import type { View } from './predictOptions.js';

/** Returns pixels `[height, width, channels]` turned as a view has them; the same array where it turns nothing. Internal. */
export function flipped<T extends ArrayLike<number>>(
  pixels: T,
  height: number,
  width: number,
  channels: number,
  view: View,
): T | Float32Array {
  if (view === 'identity') return pixels;
  const isUpsideDown = view === 'vertical' || view === 'both';
  const isMirrored = view === 'horizontal' || view === 'both';
  const result = new Float32Array(pixels.length);
  let at = 0;
  for (let row = 0; row < height; row++) {
    const line = (isUpsideDown ? height - 1 - row : row) * width;
    for (let column = 0; column < width; column++) {
      const from = (line + (isMirrored ? width - 1 - column : column)) * channels;
      for (let channel = 0; channel < channels; channel++) result[at++] = pixels[from + channel]!;
    }
  }
  return result;
}
