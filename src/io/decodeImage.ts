import { requireInteger, requireKnownOptions } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import type { Image } from '../core/types.js';
import { requireBytes } from './bytes.js';
import { sniffFormat } from './sniffFormat.js';

/** Options of {@link decodeImage}. */
export interface DecodeImageOptions {
  /** What PNG and TIFF files with a palette give: colours, or the indices. @defaultValue 'colors' */
  palette?: 'colors' | 'indices';
  /** Which page of a TIFF file of several pages, from 0; needed there, since no page is the right guess. */
  page?: number;
}

/**
 * Decodes an image file whose format is told from its bytes: PNG, TIFF, JPEG or NPY. See {@link decodePng},
 * {@link decodeTiff}, {@link decodeJpeg} and {@link decodeNpy} for what each gives. Each decoder is loaded when first
 * needed.
 *
 * @throws FormatError for other formats, damaged files, an array of other than two or three axes, and a TIFF file of
 * several pages where `page` is not given.
 *
 * @example
 * ```ts
 * const bytes = encodePng(createImage(new Uint8Array([1, 2, 3, 4]), [2, 2]));
 * const image = await decodeImage(bytes);
 * image.data; // [1, 2, 3, 4]
 * ```
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeImageOptions = {}): Promise<Image> {
  requireKnownOptions('decodeImage', options, ['palette', 'page']);
  requireBytes('bytes', bytes);
  const { palette = 'colors', page } = options;
  if (page !== undefined) requireInteger('page', page, { min: 0 });
  const format = sniffFormat(bytes);
  switch (format) {
    case 'png': {
      const { decodePng } = await import('./decodePng.js');
      return decodePng(bytes, { palette });
    }
    case 'jpeg': {
      const { decodeJpeg } = await import('./decodeJpeg.js');
      return decodeJpeg(bytes);
    }
    case 'tiff': {
      const { decodeTiff } = await import('./decodeTiff.js');
      return choosePage(decodeTiff(bytes, { palette }), page).image;
    }
    case 'npy': {
      const [{ decodeNpy }, { toImage }] = await Promise.all([import('./decodeNpy.js'), import('./toImage.js')]);
      const { data, shape } = decodeNpy(bytes);
      if ((shape.length !== 2 && shape.length !== 3) || shape.includes(0)) {
        throw new FormatError(`NPY: an image must have two or three axes, got the shape (${shape.join(', ')}).`);
      }
      return toImage('NPY', data, shape);
    }
    default:
      throw unknownFormat(bytes);
  }
}

/** The page asked for; without `page` the only one. */
export function choosePage<T>(pages: readonly T[], page: number | undefined): T {
  if (page === undefined && pages.length > 1) {
    throw new FormatError(
      `TIFF: the file holds ${pages.length} pages; say which by the option page, 0 to ${pages.length - 1}.`,
    );
  }
  const chosen = pages[page ?? 0];
  if (chosen === undefined) throw new FormatError(`TIFF: the file holds ${pages.length} pages, got page ${page}.`);
  return chosen;
}

/** The error for a file of no known format. */
export function unknownFormat(bytes: Uint8Array): FormatError {
  if (bytes.length === 0) return new FormatError('The file is empty; PNG, TIFF, JPEG or NPY was expected.');
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return new FormatError(`The file is neither PNG, TIFF, JPEG nor NPY: it begins with the bytes ${start}.`);
}
