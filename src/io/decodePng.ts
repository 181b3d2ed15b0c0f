import { createImage } from '../core/arrays.js';
import { requireKnownOptions, requireOneOf } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import type { Image } from '../core/types.js';
import { requireBytes } from './bytes.js';
import { type PngChunks, readPngChunks } from './pngChunks.js';
import { readPngSamples } from './pngSamples.js';
import { sniffFormat } from './sniffFormat.js';

/** Options of {@link decodePng}. */
export interface DecodePngOptions {
  /**
   * What an indexed image gives: its colours, or the indices themselves, as label masks in the manner of PASCAL VOC
   * need them. @defaultValue 'colors'
   */
  palette?: 'colors' | 'indices';
}

/**
 * Decodes a PNG file: grey `[height, width]`, grey with alpha, RGB or RGBA `[height, width, 2 | 3 | 4]`; uint8, or
 * uint16 for 16 bits a sample. Greys of 1, 2 and 4 bits are stretched to 0..255. An indexed image gives RGB, or RGBA
 * where its palette has alpha. Colour profiles, gamma and the colour key of grey and RGB images are not applied.
 *
 * @throws FormatError where the file is no PNG, ends early, or a checksum does not match: never part of an image.
 *
 * @example
 * ```ts
 * const bytes = encodePng(createImage(new Uint8Array([0, 128, 255, 64]), [2, 2]));
 * decodePng(bytes).data; // [0, 128, 255, 64]
 * ```
 */
export function decodePng(bytes: Uint8Array, options: DecodePngOptions = {}): Image {
  requireKnownOptions('decodePng', options, ['palette']);
  const { palette = 'colors' } = options;
  requireOneOf('palette', palette, ['colors', 'indices']);
  const { chunks, data } = readPng(bytes);
  const { width, height, channels, depth } = chunks;
  if (chunks.palette !== undefined) {
    return palette === 'colors' ? colour(chunks, data) : createImage(data, [height, width]);
  }
  if (depth < 8) {
    const factor = 255 / ((1 << depth) - 1);
    for (let i = 0; i < data.length; i++) data[i]! *= factor;
  }
  return createImage(data, channels === 1 ? [height, width] : [height, width, channels]);
}

/** The samples of a PNG as stored, unscaled, with what its header says. */
export function readPng(bytes: Uint8Array): { chunks: PngChunks; data: Uint8Array | Uint16Array } {
  requireBytes('bytes', bytes);
  if (sniffFormat(bytes) !== 'png') throw new FormatError('PNG: the file does not begin with the PNG signature.');
  const chunks = readPngChunks(bytes);
  return { chunks, data: readPngSamples(chunks) };
}

function colour({ width, height, palette, paletteAlpha }: PngChunks, indices: Uint8Array | Uint16Array): Image {
  const channels = paletteAlpha ? 4 : 3;
  const colours = palette!.length / 3;
  const result = new Uint8Array(indices.length * channels);
  for (let i = 0, to = 0; i < indices.length; i++, to += channels) {
    const index = indices[i]!;
    if (index >= colours) {
      const at = `row ${Math.floor(i / width)}, column ${i % width}`;
      throw new FormatError(`PNG: the index ${index} at ${at} is not in the palette of ${colours} colours.`);
    }
    result[to] = palette![index * 3]!;
    result[to + 1] = palette![index * 3 + 1]!;
    result[to + 2] = palette![index * 3 + 2]!;
    if (paletteAlpha) result[to + 3] = paletteAlpha[index] ?? 255;
  }
  return createImage(result, [height, width, channels]);
}
