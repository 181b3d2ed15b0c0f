import { requireKnownOptions } from '../core/check.js';
import type { FlipOptions } from './flip.js';
import { gatherGeometry, steps } from './gather.js';
import { move } from './samples.js';
import { sometimes } from './sometimes.js';
import type { Transform } from './types.js';

/**
 * Returns a transform that swaps rows and columns in a share `p` of the samples (Albumentations `Transpose`): height
 * and width change places.
 *
 * @throws RangeError where `p` is no probability.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 2, 3, 4, 5, 6]), [2, 3]);
 * transpose({ p: 1 })({ image }, new Random(1)).image.data; // Uint8Array [1, 4, 2, 5, 3, 6]
 * ```
 */
export function transpose(options: FlipOptions = {}): Transform {
  requireKnownOptions('transpose', options, ['p']);
  return sometimes(options.p ?? 0.5, (sample) => {
    const [height, width] = sample.image.shape as [number, number];
    const maps = { rows: steps(width, 0, 1), columns: steps(height, 0, 1), transposed: true };
    return move(
      sample,
      gatherGeometry(maps, width, (x, y) => [y, x]),
    );
  });
}
