import { requireKnownOptions } from '../core/check.js';
import { type FlipOptions, mirror } from './flip.js';
import { sometimes } from './sometimes.js';
import type { Transform } from './types.js';

/**
 * Returns a transform that mirrors a share `p` of the samples top to bottom (Albumentations `VerticalFlip`).
 *
 * @throws RangeError where `p` is no probability.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 2, 3, 4]), [2, 2]);
 * verticalFlip({ p: 1 })({ image }, new Random(1)).image.data; // Uint8Array [3, 4, 1, 2]
 * ```
 */
export function verticalFlip(options: FlipOptions = {}): Transform {
  requireKnownOptions('verticalFlip', options, ['p']);
  return sometimes(options.p ?? 0.5, (sample) => mirror(sample, false, true));
}
