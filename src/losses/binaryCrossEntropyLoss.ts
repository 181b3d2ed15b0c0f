import {
  add,
  div,
  maximum,
  mul,
  neg,
  type Scalar,
  sigmoid,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import { requireKnownOptions, requireNumber, requireOneOf, requireProbability } from '../core/check.js';
import { softplusOfNegative, sumOverPixels } from './elementwise.js';
import type { Loss } from './loss.js';
import { prepareTarget, requireTargetOptions } from './prepareTarget.js';
import { requireWeights } from './requireWeights.js';
import { withGradient } from './withGradient.js';

/** Options of {@link binaryCrossEntropyLoss}. */
export interface BinaryCrossEntropyLossOptions {
  /** One logit a pixel, or every class on its own. @defaultValue 'binary' */
  readonly mode?: 'binary' | 'multilabel';
  /** Weight of positives against 1 for negatives (PyTorch's `pos_weight`); one number, or one a class. */
  readonly positiveWeight?: number | readonly number[];
  /** Weight of positives, with 1 - beta for negatives (Liu et al. 2021). Not together with `positiveWeight`. */
  readonly beta?: number;
  /** Weight of every class (PyTorch's `weight`, which does not change the divisor of the mean). */
  readonly classWeights?: readonly number[];
  /** Mean over the values that count, or their sum. @defaultValue 'mean' */
  readonly reduction?: 'mean' | 'sum';
  /** Target value of pixels that count nowhere, other than 0 and 1. */
  readonly ignoreIndex?: number;
}

/**
 * Returns the cross entropy of the sigmoid of each logit, 0 or more; targets may be any values in 0..1. As PyTorch's
 * `binary_cross_entropy_with_logits`. Where all pixels are ignored it is 0.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2]);
 * const logits = zeros([1, 2, 2, 1]);
 * const value = binaryCrossEntropyLoss({ beta: 0.8 })(target, logits);
 * value.dataSync(); // [0.346574]
 * dispose([target, logits, value]);
 * ```
 */
export function binaryCrossEntropyLoss(options: BinaryCrossEntropyLossOptions = {}): Loss {
  requireKnownOptions('binaryCrossEntropyLoss', options, [
    'mode',
    'positiveWeight',
    'beta',
    'classWeights',
    'reduction',
    'ignoreIndex',
  ]);
  const { mode = 'binary', positiveWeight, beta, classWeights, reduction = 'mean', ignoreIndex } = options;
  requireOneOf('mode', mode, ['binary', 'multilabel']);
  requireTargetOptions({ mode, ignoreIndex });
  requireOneOf('reduction', reduction, ['mean', 'sum']);
  if (beta !== undefined) requireProbability('beta', beta);
  if (beta !== undefined && positiveWeight !== undefined) {
    throw new RangeError('positiveWeight and beta must not be given together.');
  }
  if (typeof positiveWeight === 'number') requireNumber('positiveWeight', positiveWeight, { min: 0 });
  else if (positiveWeight !== undefined) requireWeights('positiveWeight', positiveWeight);
  if (classWeights !== undefined) requireWeights('classWeights', classWeights);

  /** Weights of positives and negatives, one a class. */
  function weights(classes: number): readonly [number[], number[]] {
    const positive = typeof positiveWeight === 'object' ? [...positiveWeight] : [positiveWeight ?? beta ?? 1];
    const negative = [beta === undefined ? 1 : 1 - beta];
    const scale = classWeights ?? [1];
    const lists = { positiveWeight: positive, classWeights: scale };
    for (const [name, list] of Object.entries(lists)) {
      if (list.length !== 1 && list.length !== classes) {
        throw new RangeError(`${name} must have one number a class of the logits, ${classes}, got ${list.length}.`);
      }
    }
    const of = (list: readonly number[], k: number): number =>
      list[list.length === 1 ? 0 : k]! * (scale[k] ?? scale[0]!);
    const all = Array.from({ length: classes }, (_, k) => k);
    return [all.map((k) => of(positive, k)), all.map((k) => of(negative, k))];
  }

  return (target: Tensor, logits: Tensor): Scalar =>
    tidy(() => {
      const { truth, valid } = prepareTarget(target, logits, { mode, ignoreIndex });
      const [positive, negative] = weights(truth.shape[3]);
      const weighted = positive.some((weight) => weight !== 1) || negative.some((weight) => weight !== 1);
      const absent = sub<Tensor4D>(valid ?? 1, truth);
      const atAbsent = weighted ? mul<Tensor4D>(absent, tensor1d(negative)) : absent;
      const atBoth = weighted ? add<Tensor4D>(mul(truth, tensor1d(positive)), atAbsent) : valid;
      const divisor = valid === undefined ? truth.size : maximum(sum(sumOverPixels(valid)), 1);
      const reduced = <T extends Tensor>(x: T): T => (reduction === 'sum' ? x : div<T>(x, divisor));
      const times = (x: Tensor4D): Tensor4D => (atBoth === undefined ? x : mul(x, atBoth));
      // a t ln(1 + e^-z) + b (1 - t) ln(1 + e^z), where ln(1 + e^z) = z + ln(1 + e^-z).
      return withGradient(logits as Tensor4D, (z) => ({
        value: reduced(sum<Scalar>(sumOverPixels(add(times(softplusOfNegative(z)), mul(atAbsent, z))))),
        gradient: reduced(sub<Tensor4D>(atAbsent, times(sigmoid(neg(z))))),
      }));
    });
}
