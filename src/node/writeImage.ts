import { requireImage, requireKnownOptions } from '../core/check.js';
import type { Calibration, Image } from '../core/types.js';
import { encodeNpy } from '../io/encodeNpy.js';
import { encodePng } from '../io/encodePng.js';
import { encodeTiff } from '../io/encodeTiff.js';
import { withPath } from './fileErrors.js';
import { outputFormat } from './outputFormat.js';
import { writeFileAtomic } from './writeFileAtomic.js';

/** Options of {@link writeImage}. */
export interface WriteImageOptions {
  /** Pixel size, written into TIFF files; the other formats cannot hold it. @defaultValue none */
  readonly calibration?: Calibration;
}

/**
 * Writes an image as PNG (8 or 16 bits), TIFF or NPY (8 or 16 bits, float), as the ending of the name says. The file
 * appears whole or not at all, see {@link writeFileAtomic}.
 *
 * @throws RangeError for another ending, or a calibration that the format cannot hold; TypeError for floats as PNG;
 * Error of one line where the file cannot be written.
 *
 * @example
 * ```ts
 * const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/segkit-'));
 * const image = createImage(new Float32Array([0, 0.5, 1, 2]), [2, 2]);
 * await writeImage(`${folder}/a.tif`, image, { calibration: { pixelSize: 0.2, unit: 'nm' } });
 * (await readImage(`${folder}/a.tif`)).data; // [0, 0.5, 1, 2]
 * ```
 */
export async function writeImage(path: string, image: Image, options: WriteImageOptions = {}): Promise<void> {
  requireKnownOptions('writeImage', options, ['calibration']);
  const { calibration } = options;
  const format = outputFormat(path);
  requireImage('image', image);
  if (calibration !== undefined && format !== 'tiff') {
    throw new RangeError(`calibration must go to a .tif file, got "${path}".`);
  }
  const bytes = await withPath(path, () => {
    if (format === 'png') return encodePng(image);
    if (format === 'npy') return encodeNpy(image);
    return encodeTiff(image, calibration === undefined ? {} : { calibration });
  });
  await writeFileAtomic(path, bytes);
}
