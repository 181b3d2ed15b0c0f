import { contiguous, createImage } from '../core/arrays.js';
import { requireLabels } from '../core/check.js';
import type { Labels } from '../core/types.js';
import { encodeNpy } from '../io/encodeNpy.js';
import { encodePng } from '../io/encodePng.js';
import { encodeTiff } from '../io/encodeTiff.js';
import { outputFormat } from './outputFormat.js';
import { writeFileAtomic } from './writeFileAtomic.js';

/**
 * Writes instance ids as PNG of 16 bits, or TIFF or NPY of 32 bits, as the ending of the name says.
 *
 * @throws RangeError for another ending, a negative id, or an id above 65535 as PNG; Error of one line where the file
 * cannot be written.
 *
 * @example
 * ```ts
 * const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/segkit-'));
 * await writeLabels(`${folder}/a.png`, createLabels([0, 300, 2, 0], [2, 2]));
 * (await readLabels(`${folder}/a.png`)).data; // [0, 300, 2, 0]
 * ```
 */
export async function writeLabels(path: string, labels: Labels): Promise<void> {
  const format = outputFormat(path);
  requireLabels('labels', labels);
  const { data } = contiguous(labels);
  const largest = format === 'png' ? 65535 : 2147483647;
  const wrong = data.find((id) => id < 0 || id > largest);
  if (wrong !== undefined) {
    const advice = wrong > largest ? ' in a PNG file; write .tif or .npy' : '';
    throw new RangeError(`${path}: labels must hold ids in 0..${largest}${advice}, got ${wrong}.`);
  }
  const encoders = {
    png: () => encodePng(createImage(Uint16Array.from(data), labels.shape)),
    tiff: () => encodeTiff(labels),
    npy: () => encodeNpy(labels),
  };
  await writeFileAtomic(path, encoders[format]());
}
