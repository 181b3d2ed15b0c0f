import type { Image } from '../core/types.js';
import { type DecodeImageOptions, decodeImage } from '../io/decodeImage.js';
import { withPath } from './fileErrors.js';
import { readBytes } from './readBytes.js';

/**
 * Reads an image file: PNG, TIFF, JPEG or NPY, told by its bytes; see `decodeImage` for what each gives.
 *
 * @throws Error of one line (`no such file: …`) where the file cannot be read; FormatError with the path in front
 * where it is damaged or of another format.
 *
 * @example
 * ```ts
 * const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/segkit-'));
 * await writeImage(`${folder}/a.png`, createImage(new Uint8Array([1, 2, 3, 4]), [2, 2]));
 * (await readImage(`${folder}/a.png`)).data; // [1, 2, 3, 4]
 * ```
 */
export async function readImage(path: string, options: DecodeImageOptions = {}): Promise<Image> {
  const bytes = await readBytes(path);
  return withPath(path, () => decodeImage(bytes, options));
}
