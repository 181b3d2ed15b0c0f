import {
  add,
  div,
  exp,
  logSoftmax,
  maximum,
  mul,
  neg,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import { requireKnownOptions, requireOneOf, requireProbability } from '../core/check.js';
import type { Loss } from './loss.js';
import { prepareTarget, requireTargetOptions } from './prepareTarget.js';
import { requireWeights } from './requireWeights.js';
import { withGradient } from './withGradient.js';

/** Options of {@link crossEntropyLoss}. */
export interface CrossEntropyLossOptions {
  /** Weight of every class, 0 or more; one number a class of the logits. */
  readonly classWeights?: readonly number[];
  /** Share of the target that is spread evenly over all classes, in 0..1. @defaultValue 0 */
  readonly labelSmoothing?: number;
  /** The mean over the weights of the target pixels, or the sum. @defaultValue 'mean' */
  readonly reduction?: 'mean' | 'sum';
  /** Target value of pixels that count nowhere, outside the classes. */
  readonly ignoreIndex?: number;
}

/**
 * Returns the cross entropy of the softmax, 0 or more, for targets of mode `'multiclass'`: class indices
 * `[batch, height, width]` or one-hot. As PyTorch's `cross_entropy`, the mean divides by the summed class weights of
 * the target pixels (PyTorch divides one-hot targets by the pixels; here both forms are equal). Where all pixels are
 * ignored it is 0 (PyTorch: NaN).
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2], 'int32');
 * const logits = zeros([1, 2, 2, 2]);
 * const value = crossEntropyLoss({ classWeights: [1, 5] })(target, logits);
 * value.dataSync(); // [0.693147]
 * dispose([target, logits, value]);
 * ```
 */
export function crossEntropyLoss(options: CrossEntropyLossOptions = {}): Loss {
  requireKnownOptions('crossEntropyLoss', options, ['classWeights', 'labelSmoothing', 'reduction', 'ignoreIndex']);
  const { classWeights, labelSmoothing = 0, reduction = 'mean', ignoreIndex } = options;
  requireTargetOptions({ mode: 'multiclass', ignoreIndex });
  if (classWeights !== undefined) requireWeights('classWeights', classWeights);
  requireProbability('labelSmoothing', labelSmoothing);
  requireOneOf('reduction', reduction, ['mean', 'sum']);
  return (target: Tensor, logits: Tensor): Scalar =>
    tidy(() => {
      const { truth, valid } = prepareTarget(target, logits, { mode: 'multiclass', ignoreIndex });
      const classes = truth.shape[3];
      if (classWeights !== undefined && classWeights.length !== classes) {
        throw new RangeError(
          `classWeights must have one number a class of the logits, ${classes}, got ${classWeights.length}.`,
        );
      }
      const weights = tensor1d(classWeights === undefined ? new Array(classes).fill(1) : [...classWeights]);
      const weighted = classWeights === undefined ? truth : mul<Tensor4D>(truth, weights);
      let share = weighted;
      if (labelSmoothing > 0) {
        const spread = mul<Tensor4D>(weights, labelSmoothing / classes);
        share = add(mul(weighted, 1 - labelSmoothing), valid === undefined ? spread : mul(valid, spread));
      }
      const divisor = reduction === 'sum' ? undefined : maximum(sum(weighted), 1e-12);
      const reduced = <T extends Tensor>(x: T): T => (divisor === undefined ? x : div<T>(x, divisor));
      return withGradient(logits as Tensor4D, (z) => {
        const logProbability = logSoftmax(z);
        const value = reduced(neg(sum<Scalar>(sum(mul(share, logProbability), 2))));
        const gradient = sub<Tensor4D>(mul(exp(logProbability), sum(share, 3, true)), share);
        return { value, gradient: reduced(gradient) };
      });
    });
}
