import { requireOneOf } from '../core/check.js';
import type { LossOf } from './loss.js';
import { type OverlapLossOptions, overlapLoss } from './overlapLoss.js';

/** Options of {@link diceLoss}. */
export interface DiceLossOptions extends OverlapLossOptions {
  /**
   * Where SMP changed the meaning of `smooth`: `'main'` has (TP + s) / (TP + (FP + FN) / 2 + s), `'0.3.3'` has
   * (2 TP + s) / (2 TP + FP + FN + s), as MONAI. @defaultValue 'main'
   */
  readonly smp?: 'main' | '0.3.3';
}

/**
 * Returns a loss of 1 - Dice, the mean over classes, in 0..1: 0 for a perfect match. Dice is 2 TP / (2 TP + FP + FN)
 * with soft counts over all pixels of the batch, from the sigmoid of the logits, or their softmax in mode
 * `'multiclass'`. A class that the target lacks costs 0 and counts in the mean. Follows SMP's `DiceLoss`. MONAI's is
 * `{ perImage: true, absent: 'count', smooth: 1e-5, smp: '0.3.3' }`, and `include_background=False` is `classes`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, tensor4d } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2]);
 * const logits = tensor4d([-50, 50, -50, -50], [1, 2, 2, 1]);
 * const value = diceLoss({ mode: 'binary' })(target, logits);
 * value.dataSync(); // [0.33333]
 * dispose([target, logits, value]);
 * ```
 */
export function diceLoss<O extends DiceLossOptions>(options: O): LossOf<O> {
  const { smp = 'main', ...overlap }: DiceLossOptions = options;
  requireOneOf('smp', smp, ['main', '0.3.3']);
  return overlapLoss('diceLoss', { alpha: 0.5, beta: 0.5, doubled: smp === '0.3.3' }, overlap) as LossOf<O>;
}
