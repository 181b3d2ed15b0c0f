import { requireKnownOptions } from '../core/check.js';
import type { Sample } from '../core/types.js';
import { gatherGeometry, steps } from './gather.js';
import { move } from './samples.js';
import { sometimes } from './sometimes.js';
import type { Transform } from './types.js';

/** Options of the flips and turns. */
export interface FlipOptions {
  /** Share of the samples that are changed. @defaultValue 0.5 */
  readonly p?: number;
}

/** Mirrors a sample left to right, top to bottom, or both. */
export function mirror(sample: Sample, horizontal: boolean, vertical: boolean): Sample {
  const [height, width] = sample.image.shape as [number, number];
  const rows = vertical ? steps(height, height - 1, -1) : steps(height, 0, 1);
  const columns = horizontal ? steps(width, width - 1, -1) : steps(width, 0, 1);
  const point = (x: number, y: number) => [horizontal ? width - 1 - x : x, vertical ? height - 1 - y : y] as const;
  return move(sample, gatherGeometry({ rows, columns }, width, point));
}

/**
 * Returns a transform that mirrors a share `p` of the samples left to right, top to bottom, or both ways, each equally
 * often (Albumentations 1.3 `Flip`).
 *
 * @throws RangeError where `p` is no probability.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 2, 3, 4]), [2, 2]);
 * flip({ p: 1 })({ image }, new Random(1)).image.shape; // [2, 2]
 * ```
 */
export function flip(options: FlipOptions = {}): Transform {
  requireKnownOptions('flip', options, ['p']);
  return sometimes(options.p ?? 0.5, (sample, random) => {
    const way = random.integer(0, 3);
    return mirror(sample, way !== 0, way !== 1);
  });
}
