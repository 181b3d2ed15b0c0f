import { type EfficientNetOptions, efficientnet } from './efficientnet.js';
import type { Encoder } from './encoder.js';

/**
 * Returns EfficientNet-B2 (Tan and Le 2019) as an encoder, with the layers, names and padding of SMP's
 * `efficientnet-b2`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * efficientnetB2().channels; // [32, 24, 48, 120, 352]
 * ```
 */
export function efficientnetB2(options: EfficientNetOptions = {}): Encoder {
  return efficientnet('b2', { width: 1.1, depth: 1.2, size: 260 }, options);
}
