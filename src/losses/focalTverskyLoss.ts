import type { LossOf } from './loss.js';
import { overlapLoss } from './overlapLoss.js';
import { requireTversky, type TverskyLossOptions } from './tverskyLoss.js';

/** Options of {@link focalTverskyLoss}: those of Tversky's loss with other defaults. */
export interface FocalTverskyLossOptions extends Omit<TverskyLossOptions, 'gamma'> {
  /** Weight of false positives. @defaultValue 0.3 */
  readonly alpha?: number;
  /** Weight of false negatives. @defaultValue 0.7 */
  readonly beta?: number;
  /** Power of the cost of every class; below 1 it goes on pulling at classes that are nearly right. @defaultValue 0.75 */
  readonly gamma?: number;
}

/**
 * Returns the focal Tversky loss of Abraham and Khan 2019: (1 - Tversky's score)^gamma of every class, the mean over
 * classes, in 0..1. Their 4/3 is 1 / gamma, their weight 0.7 of false negatives is `beta`. SMP takes the power of the
 * mean instead: `tverskyLoss({ gamma })`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, tensor4d } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2]);
 * const logits = tensor4d([-50, 50, -50, -50], [1, 2, 2, 1]);
 * const value = focalTverskyLoss({ mode: 'binary' })(target, logits);
 * value.dataSync(); // [0.51395]
 * dispose([target, logits, value]);
 * ```
 */
export function focalTverskyLoss<O extends FocalTverskyLossOptions>(options: O): LossOf<O> {
  const { alpha = 0.3, beta = 0.7, gamma = 0.75, ...overlap }: TverskyLossOptions = options;
  requireTversky(alpha, beta, gamma);
  return overlapLoss('focalTverskyLoss', { alpha, beta, classPower: gamma }, overlap) as LossOf<O>;
}
