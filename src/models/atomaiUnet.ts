import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireKnownOptions } from '../core/check.js';
import type { InputShape } from './blocks.js';
import { plainUnet } from './plainUnet.js';

/** Options of {@link atomaiUnet}. */
export interface AtomaiUnetOptions {
  /** `[height, width, channels]`; height and width multiples of 8, or null for any such size. */
  readonly inputShape: InputShape;
  /** Logits a pixel. @defaultValue 1 */
  readonly classes?: number;
  /** Seed of the first weights. @defaultValue 0 */
  readonly seed?: number;
}

/**
 * Returns AtomAI's `Unet` with its defaults (Ziatdinov et al. 2022): {@link plainUnet} of 16 filters and three levels,
 * with 1, 2, 2 and 3 convolutions a level, leaky ReLU in front of batch normalisation, bilinear upsampling; 594,033
 * parameters for one channel and one class.
 *
 * @throws RangeError or TypeError for bad options, and for sizes that 8 does not divide.
 *
 * @example
 * ```ts
 * const model = atomaiUnet({ inputShape: [null, null, 1] });
 * countParameters(model).trainable; // 594033
 * model.dispose();
 * ```
 */
export function atomaiUnet(options: AtomaiUnetOptions): LayersModel {
  requireKnownOptions('atomaiUnet', options, ['inputShape', 'classes', 'seed']);
  const { inputShape, classes = 1, seed = 0 } = options;
  return plainUnet({
    inputShape,
    classes,
    baseFilters: 16,
    levels: 3,
    convolutionsPerLevel: [1, 2, 2, 3],
    batchNorm: 'after',
    activation: 'leakyRelu',
    upsampling: 'bilinear',
    seed,
  });
}
