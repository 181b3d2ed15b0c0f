import type { Labels } from '../core/types.js';
import { type DecodeLabelsOptions, decodeLabels } from '../io/decodeLabels.js';
import { withPath } from './fileErrors.js';
import { readBytes } from './readBytes.js';

/**
 * Reads instance ids from a PNG, TIFF or NPY file; see `decodeLabels`.
 *
 * @throws Error of one line where the file cannot be read; FormatError with the path in front where it is damaged or a
 * value is no instance id (with its position).
 *
 * @example
 * ```ts
 * const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/segkit-'));
 * await writeLabels(`${folder}/a.tif`, createLabels([0, 70000, 2, 0], [2, 2]));
 * (await readLabels(`${folder}/a.tif`)).data; // [0, 70000, 2, 0]
 * ```
 */
export async function readLabels(path: string, options: DecodeLabelsOptions = {}): Promise<Labels> {
  const bytes = await readBytes(path);
  return withPath(path, () => decodeLabels(bytes, options));
}
