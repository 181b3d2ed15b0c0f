import { requireKnownOptions, requireMask } from '../core/check.js';
import type { Mask } from '../core/types.js';
import { encodeNpy } from '../io/encodeNpy.js';
import { encodePng } from '../io/encodePng.js';
import { encodeTiff } from '../io/encodeTiff.js';
import { withPath } from './fileErrors.js';
import { outputFormat } from './outputFormat.js';
import { writeFileAtomic } from './writeFileAtomic.js';

/** Options of {@link writeMask}. */
export interface WriteMaskOptions {
  /**
   * Colours in which viewers show the classes of a PNG, one a class; the stored values stay class indices.
   * @defaultValue none, so that small indices look black
   */
  readonly palette?: readonly (readonly [red: number, green: number, blue: number])[];
}

/**
 * Writes a mask as PNG, TIFF or NPY of 8 bits, as the ending of the name says; the values are the class indices.
 *
 * @throws RangeError for another ending, a palette for another format than PNG, or a class without a colour; Error of
 * one line where the file cannot be written.
 *
 * @example
 * ```ts
 * const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/segkit-'));
 * await writeMask(`${folder}/a.png`, createMask([0, 1, 1, 0], [2, 2]), { palette: [[0, 0, 0], labelColor(1)] });
 * (await readMask(`${folder}/a.png`)).data; // [0, 1, 1, 0]
 * ```
 */
export async function writeMask(path: string, mask: Mask, options: WriteMaskOptions = {}): Promise<void> {
  requireKnownOptions('writeMask', options, ['palette']);
  const { palette } = options;
  const format = outputFormat(path);
  requireMask('mask', mask);
  if (palette !== undefined && format !== 'png') {
    throw new RangeError(`palette must go to a .png file, got "${path}".`);
  }
  const bytes = await withPath(path, () => {
    if (format === 'png') return encodePng(mask, palette === undefined ? {} : { palette });
    return format === 'npy' ? encodeNpy(mask) : encodeTiff(mask);
  });
  await writeFileAtomic(path, bytes);
}
