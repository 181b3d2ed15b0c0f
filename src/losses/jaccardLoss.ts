import type { LossOf } from './loss.js';
import { type OverlapLossOptions, overlapLoss } from './overlapLoss.js';

/**
 * Returns a loss of 1 - intersection over union, the mean over classes, in 0..1: 0 for a perfect match. The counts
 * are soft and pooled over all pixels of the batch, from the sigmoid of the logits, or their softmax in mode
 * `'multiclass'`. A class that the target lacks costs 0 and counts in the mean. Follows SMP's `JaccardLoss`; the IoU
 * loss of Liu et al. 2021 is its mode `'binary'`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2], 'int32');
 * const logits = zeros([1, 2, 2, 2]);
 * const value = jaccardLoss({ mode: 'multiclass' })(target, logits);
 * value.dataSync(); // [0.66667]
 * dispose([target, logits, value]);
 * ```
 */
export function jaccardLoss<O extends OverlapLossOptions>(options: O): LossOf<O> {
  return overlapLoss('jaccardLoss', { alpha: 1, beta: 1 }, options);
}
