import { mul, square } from '@tensorflow/tfjs-core';
import type { LossOf, LossOptions } from './loss.js';
import { lossSettings } from './lossSettings.js';
import { meanErrorLoss } from './meanErrorLoss.js';

/**
 * Returns the mean squared difference of probabilities and target over pixels and classes, in 0..1: Brier's score, over
 * the classes as well. PyTorch's `mse_loss` of the softmax or sigmoid. With `reduction: 'none'` it is
 * `[batch, height, width, classes]`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2]);
 * const logits = zeros([1, 2, 2, 1]);
 * const value = meanSquaredErrorLoss({ mode: 'binary' })(target, logits);
 * value.dataSync(); // [0.25]
 * dispose([target, logits, value]);
 * ```
 */
export function meanSquaredErrorLoss<O extends LossOptions>(options: O): LossOf<O> {
  const settings = lossSettings('meanSquaredErrorLoss', options, []);
  return meanErrorLoss<O>(settings, 'probability', (difference) => [square(difference), mul(2, difference)]);
}
