import { abs, clipByValue, minimum, mul, square, sub } from '@tensorflow/tfjs-core';
import { requireNumber } from '../core/check.js';
import type { LossOf, LossOptions } from './loss.js';
import { lossSettings } from './lossSettings.js';
import { meanErrorLoss } from './meanErrorLoss.js';

/** Options of {@link smoothL1Loss}. */
export interface SmoothL1LossOptions extends Omit<LossOptions, 'fromLogits'> {
  /** Where the square turns into a straight line; above 0. @defaultValue 1 */
  readonly beta?: number;
}

/**
 * Returns the smooth L1 loss (Huber's) of the scores themselves, without an activation, 0 or more: for regressing maps in
 * 0..1. d^2 / (2 beta) for differences below `beta`, |d| - beta / 2 above, the mean over pixels and channels. As
 * PyTorch's `smooth_l1_loss`. With `reduction: 'none'` it is `[batch, height, width, classes]`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2]);
 * const scores = zeros([1, 2, 2, 1]);
 * const value = smoothL1Loss({ mode: 'binary' })(target, scores);
 * value.dataSync(); // [0.25]
 * dispose([target, scores, value]);
 * ```
 */
export function smoothL1Loss<O extends SmoothL1LossOptions>(options: O): LossOf<O> {
  if ('fromLogits' in options) throw new RangeError('smoothL1Loss has no option "fromLogits": it has no activation.');
  const settings = lossSettings('smoothL1Loss', options, ['beta']);
  const { beta = 1 } = options;
  requireNumber('beta', beta, { above: 0 });
  return meanErrorLoss<O>(settings, 'score', (difference) => {
    const near = minimum(abs(difference), beta);
    // |d| near + near (near / 2 beta - near / beta) is the square below beta and the line above.
    const cost = sub(mul(abs(difference), mul(near, 1 / beta)), mul(square(near), 1 / (2 * beta)));
    return [cost as typeof difference, mul(clipByValue(difference, -beta, beta), 1 / beta)];
  });
}
