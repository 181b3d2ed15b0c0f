import type { Mask } from '../core/types.js';
import { type DecodeMaskOptions, decodeMask } from '../io/decodeMask.js';
import { withPath } from './fileErrors.js';
import { readBytes } from './readBytes.js';

/**
 * Reads a mask of class indices from a PNG, TIFF or NPY file; see `decodeMask`.
 *
 * @throws Error of one line where the file cannot be read; FormatError with the path in front where it is damaged or a
 * value is no class index (with its position).
 *
 * @example
 * ```ts
 * const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/segkit-'));
 * await writeMask(`${folder}/a.png`, createMask([0, 1, 2, 0], [2, 2]));
 * (await readMask(`${folder}/a.png`, { classes: 3 })).data; // [0, 1, 2, 0]
 * ```
 */
export async function readMask(path: string, options: DecodeMaskOptions = {}): Promise<Mask> {
  const bytes = await readBytes(path);
  return withPath(path, () => decodeMask(bytes, options));
}
