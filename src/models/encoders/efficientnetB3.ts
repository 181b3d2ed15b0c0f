import { type EfficientNetOptions, efficientnet } from './efficientnet.js';
import type { Encoder } from './encoder.js';

/**
 * Returns EfficientNet-B3 (Tan and Le 2019) as an encoder, with the layers, names and padding of SMP's
 * `efficientnet-b3`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * efficientnetB3().channels; // [40, 32, 48, 136, 384]
 * ```
 */
export function efficientnetB3(options: EfficientNetOptions = {}): Encoder {
  return efficientnet('b3', { width: 1.2, depth: 1.4, size: 300 }, options);
}
