import { abs, sign } from '@tensorflow/tfjs-core';
import type { LossOf, LossOptions } from './loss.js';
import { lossSettings } from './lossSettings.js';
import { meanErrorLoss } from './meanErrorLoss.js';

/**
 * Returns the mean absolute difference of probabilities and target over pixels and classes, in 0..1; robust where labels
 * are wrong (Ghosh et al. 2017). PyTorch's `l1_loss` of the softmax or sigmoid. With `reduction: 'none'` it is
 * `[batch, height, width, classes]`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2]);
 * const logits = zeros([1, 2, 2, 1]);
 * const value = meanAbsoluteErrorLoss({ mode: 'binary' })(target, logits);
 * value.dataSync(); // [0.5]
 * dispose([target, logits, value]);
 * ```
 */
export function meanAbsoluteErrorLoss<O extends LossOptions>(options: O): LossOf<O> {
  const settings = lossSettings('meanAbsoluteErrorLoss', options, []);
  return meanErrorLoss<O>(settings, 'probability', (difference) => [abs(difference), sign(difference)]);
}
