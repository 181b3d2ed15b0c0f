import { encode } from 'fast-png';
import { pixels } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, show } from '../core/check.js';
import type { Image, Mask } from '../core/types.js';

/** Options of {@link encodePng}. */
export interface EncodePngOptions {
  /**
   * Writes an indexed image: colour `i` is shown where the sample is `i`. RGB triples in 0..255, at most 256 of them;
   * the image must be one 8-bit channel, for example a mask.
   */
  palette?: readonly (readonly [red: number, green: number, blue: number])[];
  /** How hard to compress, 0 (not at all) to 9. @defaultValue 6 */
  level?: number;
}

/**
 * Encodes an image or mask as PNG: `[height, width]` as grey, 2, 3 or 4 channels as grey with alpha, RGB or RGBA, with 8
 * or 16 bits as the samples have.
 *
 * @throws TypeError for float samples (use `toUint8` or {@link encodeTiff}), RangeError for other numbers of channels
 * or a sample without a colour in `palette`.
 *
 * @example
 * ```ts
 * const mask = createMask([0, 1, 1, 0], [2, 2]);
 * const bytes = encodePng(mask, { palette: [[0, 0, 0], [255, 0, 0]] });
 * decodePng(bytes, { palette: 'indices' }).data; // [0, 1, 1, 0]
 * ```
 */
export function encodePng(image: Image | Mask, options: EncodePngOptions = {}): Uint8Array {
  requireKnownOptions('encodePng', options, ['palette', 'level']);
  const { palette, level = 6 } = options;
  requireInteger('level', level, { min: 0, max: 9 });
  const { data, height, width, channels } = pixels(image as Image);
  if (data instanceof Float32Array) {
    throw new TypeError('image must hold 8- or 16-bit samples for PNG, got floats: see toUint8, or use encodeTiff.');
  }
  if (channels > 4) throw new RangeError(`image must have 1 to 4 channels for PNG, got ${channels}.`);
  const depth = data instanceof Uint16Array ? 16 : 8;
  const colours = palette === undefined ? undefined : checkPalette(palette, data, channels);
  return encode(
    { width, height, data, channels, depth, ...(colours && { palette: colours }) },
    { zlib: { level: level as 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 } },
  );
}

function checkPalette(
  palette: readonly (readonly number[])[],
  data: Uint8Array | Uint16Array,
  channels: number,
): number[][] {
  if (palette.length < 1 || palette.length > 256) {
    throw new RangeError(`palette must hold 1 to 256 colours, got ${palette.length}.`);
  }
  if (channels !== 1 || data instanceof Uint16Array) {
    throw new RangeError('image must be one channel of 8 bits to be written with a palette.');
  }
  palette.forEach((colour, i) => {
    if (colour.length !== 3) throw new RangeError(`palette[${i}] must be [red, green, blue], got ${show(colour)}.`);
    colour.forEach((part, k) => {
      requireInteger(`palette[${i}][${k}]`, part, { min: 0, max: 255 });
    });
  });
  const missing = data.findIndex((index) => index >= palette.length);
  if (missing >= 0) {
    throw new RangeError(`palette must have a colour for each sample, got ${palette.length} and a ${data[missing]}.`);
  }
  return palette.map((colour) => [...colour]);
}
