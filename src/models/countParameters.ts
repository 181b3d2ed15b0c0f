import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireModel } from './requireModel.js';

/** Result of {@link countParameters}. */
export interface ParameterCount {
  /** Weights that training changes; those of frozen layers do not count. */
  readonly trainable: number;
  /** All weights: with the running statistics of batch normalisation, and frozen layers. */
  readonly total: number;
}

/**
 * Returns how many numbers a model holds: its trainable parameters, as PyTorch counts them, and all, as Keras does.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [8, 8, 1], classes: 1, baseFilters: 2, levels: 1, batchNorm: 'none' });
 * countParameters(model); // { trainable: 431, total: 431 }
 * model.dispose();
 * ```
 */
export function countParameters(model: LayersModel): ParameterCount {
  requireModel(model);
  let trainable = 0;
  let total = 0;
  for (const weight of model.weights) {
    const size = weight.shape.reduce<number>((product, side) => product * (side ?? 1), 1);
    total += size;
    if (weight.trainable) trainable += size;
  }
  return { trainable, total };
}
