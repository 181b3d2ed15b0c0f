import { requireInteger, requireKnownOptions } from '../core/check.js';
import type { Sample } from '../core/types.js';
import { mirror } from './flip.js';
import { gatherGeometry, steps } from './gather.js';
import { move } from './samples.js';
import { sometimes } from './sometimes.js';
import type { Transform } from './types.js';

/** Options of {@link rotate90}. */
export interface Rotate90Options {
  /** Share of the samples that are turned. @defaultValue 0.5 */
  readonly p?: number;
  /** Quarter turns counter-clockwise, 0 to 3. @defaultValue drawn anew for each sample, all four equally often */
  readonly turns?: number;
}

function turn(sample: Sample, turns: number): Sample {
  if (turns === 0) return sample;
  if (turns === 2) return mirror(sample, true, true);
  const [height, width] = sample.image.shape as [number, number];
  if (turns === 1) {
    const maps = { rows: steps(width, width - 1, -1), columns: steps(height, 0, 1), transposed: true };
    return move(
      sample,
      gatherGeometry(maps, width, (x, y) => [y, width - 1 - x]),
    );
  }
  const maps = { rows: steps(width, 0, 1), columns: steps(height, height - 1, -1), transposed: true };
  return move(
    sample,
    gatherGeometry(maps, width, (x, y) => [height - 1 - y, x]),
  );
}

/**
 * Returns a transform that turns a share `p` of the samples by quarter turns, exactly (Albumentations
 * `RandomRotate90`, numpy `rot90`).
 *
 * @throws RangeError where `p` is no probability or `turns` not 0 to 3.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 2, 3, 4]), [2, 2]);
 * rotate90({ p: 1, turns: 1 })({ image }, new Random(1)).image.data; // Uint8Array [2, 4, 1, 3]
 * ```
 */
export function rotate90(options: Rotate90Options = {}): Transform {
  requireKnownOptions('rotate90', options, ['p', 'turns']);
  const { p = 0.5, turns } = options;
  if (turns !== undefined) requireInteger('turns', turns, { min: 0, max: 3 });
  return sometimes(p, (sample, random) => turn(sample, turns ?? random.integer(0, 4)));
}
