import { type EfficientNetOptions, efficientnet } from './efficientnet.js';
import type { Encoder } from './encoder.js';

/**
 * Returns EfficientNet-B1 (Tan and Le 2019) as an encoder, with the layers, names and padding of SMP's
 * `efficientnet-b1`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * efficientnetB1().channels; // [32, 24, 40, 112, 320]
 * ```
 */
export function efficientnetB1(options: EfficientNetOptions = {}): Encoder {
  return efficientnet('b1', { width: 1, depth: 1.1, size: 240 }, options);
}
