import { type EfficientNetOptions, efficientnet } from './efficientnet.js';
import type { Encoder } from './encoder.js';

/**
 * Returns EfficientNet-B0 (Tan and Le 2019) as an encoder, with the layers, names and padding of SMP's
 * `efficientnet-b0`; as there, the features at stride 16 are those of its ninth block, not of its eleventh.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * efficientnetB0().channels; // [32, 24, 40, 112, 320]
 * ```
 */
export function efficientnetB0(options: EfficientNetOptions = {}): Encoder {
  return efficientnet('b0', { width: 1, depth: 1, size: 224, thirdStage: 9 }, options);
}
