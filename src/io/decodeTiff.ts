import { requireKnownOptions, requireOneOf } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import type { Calibration, Image } from '../core/types.js';
import { readTiffCalibration } from './tiffCalibration.js';
import { TAG } from './tiffDirectory.js';
import { type RawTiffPage, readTiffPages } from './tiffPages.js';
import { toImage } from './toImage.js';

/** One page of a TIFF file. */
export interface TiffPage {
  /** The samples: `[height, width]` for one channel, else `[height, width, channels]`. */
  readonly image: Image;
  /** The pixel size, where ImageJ, Gatan DigitalMicrograph or Zeiss SmartSEM wrote one; printing resolution is not taken for it. */
  readonly calibration?: Calibration;
  /** Text of the ImageDescription tag. */
  readonly description?: string;
}

/** Options of {@link decodeTiff}. */
export interface DecodeTiffOptions {
  /** What a palette page gives: its colours as RGB, or the indices themselves. @defaultValue 'colors' */
  palette?: 'colors' | 'indices';
}

/**
 * Decodes all pages of a TIFF file of either byte order: strips or tiles; uncompressed, LZW, Deflate or PackBits, with
 * predictors; chunky or planar; grey, RGB, palette or any number of channels. Thumbnails are left out.
 *
 * Samples of 8 and 16 bits stay uint8 and uint16, floats float32. Greys of 1, 2 and 4 bits are stretched to 0..255;
 * "white is zero" is inverted. Signed and 32-bit integers become floats where each is exact; doubles are rounded to
 * floats. The orientation tag is not applied.
 *
 * @throws FormatError where the file is damaged or ends early (never part of an image), where an integer does not fit,
 * and for BigTIFF, JPEG, CCITT and other compressions, CMYK, YCbCr and Lab.
 *
 * @example
 * ```ts
 * const bytes = encodeTiff(createImage(new Uint16Array([0, 500, 1000, 65535]), [2, 2]), { compression: 'lzw' });
 * const pages = decodeTiff(bytes);
 * pages[0].image.data; // [0, 500, 1000, 65535]
 * ```
 */
export function decodeTiff(bytes: Uint8Array, options: DecodeTiffOptions = {}): TiffPage[] {
  requireKnownOptions('decodeTiff', options, ['palette']);
  const { palette = 'colors' } = options;
  requireOneOf('palette', palette, ['colors', 'indices']);
  return readTiffPages(bytes).map((page) => {
    const calibration = readTiffCalibration(page.directory);
    const description = page.directory.text(TAG.description);
    return {
      image: pageToImage(page, palette),
      ...(calibration && { calibration }),
      ...(description && { description }),
    };
  });
}

function pageToImage(page: RawTiffPage, palette: 'colors' | 'indices'): Image {
  const { width, height, channels, bits, photometric, data } = page;
  if (photometric === 3 && palette === 'colors') return paletteToRgb(page);
  if (bits < 8 && photometric < 2) {
    const factor = 255 / (2 ** bits - 1);
    for (let i = 0; i < data.length; i++) data[i]! *= factor;
  }
  return toImage('TIFF', data, channels === 1 ? [height, width] : [height, width, channels]);
}

/** The colour map holds all reds, then greens, then blues, in 0..65535; some writers use 0..255. */
function paletteToRgb({ directory, width, height, bits, data }: RawTiffPage): Image {
  const map = directory.numbers(TAG.colorMap);
  const colours = 2 ** bits;
  if (bits > 16 || map?.length !== colours * 3) {
    throw new FormatError(`TIFF: a palette of ${bits} bits must hold ${colours * 3} values, got ${map?.length ?? 0}.`);
  }
  const shift = map.some((value) => value > 255) ? 8 : 0;
  const result = new Uint8Array(data.length * 3);
  for (let i = 0; i < data.length; i++) {
    const index = data[i]!;
    result[i * 3] = map[index]! >> shift;
    result[i * 3 + 1] = map[index + colours]! >> shift;
    result[i * 3 + 2] = map[index + colours * 2]! >> shift;
  }
  return toImage('TIFF', result, [height, width, 3]);
}
