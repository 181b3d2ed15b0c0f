import { add, div, maximum, mul, neg, sigmoid, sub, type Tensor, type Tensor4D, tensor1d } from '@tensorflow/tfjs-core';
import { requireNumber, requireOneOf, requireProbability } from '../core/check.js';
import { defineLoss, type Evaluation } from './defineLoss.js';
import { SMALLEST_PROBABILITY, safeLog, softplusOfNegative } from './elementwise.js';
import type { LossOf, LossOptions } from './loss.js';
import type { LossInput } from './lossInput.js';
import { lossSettings, requireOnePerClass, requireShare, weightsOfClasses } from './lossSettings.js';
import { countPixels, reducePixels } from './pixelReduction.js';
import { requireWeights } from './requireWeights.js';

/** Options of {@link binaryCrossEntropyLoss}. */
export interface BinaryCrossEntropyLossOptions extends Omit<LossOptions, 'mode'> {
  /** One logit a pixel, or every class on its own. @defaultValue 'binary' */
  readonly mode?: 'binary' | 'multilabel';
  /** Weight of positives against 1 for negatives (PyTorch's `pos_weight`); one number, or one a class. */
  readonly positiveWeight?: number | readonly number[];
  /** Weight of positives, with 1 - beta for negatives (Liu et al. 2021). Not together with `positiveWeight`. */
  readonly beta?: number;
  /** Share of every target that moves to the other side, in 0..1, as SMP's `smooth_factor`. @defaultValue 0 */
  readonly smooth?: number;
  /**
   * What the mean divides by: the values that count, or `'all'`, ignored ones included (SMP's `SoftBCEWithLogitsLoss`).
   * @defaultValue 'counted'
   */
  readonly meanOver?: 'counted' | 'all';
}

/**
 * Returns the cross entropy of the sigmoid of each logit, 0 or more; targets may be any values in 0..1. As PyTorch's
 * `binary_cross_entropy_with_logits`, whose `weight` is `classWeights`: they do not change the divisor of the mean, but
 * classes that are not among `classes` do. Where all pixels are ignored it is 0. With `reduction: 'none'` it is
 * `[batch, height, width, classes]`.
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
export function binaryCrossEntropyLoss<O extends BinaryCrossEntropyLossOptions>(options: O = {} as O): LossOf<O> {
  const settings = lossSettings(
    'binaryCrossEntropyLoss',
    options,
    ['positiveWeight', 'beta', 'smooth', 'meanOver'],
    ['binary', 'multilabel'],
  );
  const { positiveWeight, beta, smooth = 0, meanOver = 'counted' } = options;
  requireShare('smooth', smooth);
  requireOneOf('meanOver', meanOver, ['counted', 'all']);
  if (beta !== undefined) requireProbability('beta', beta);
  if (beta !== undefined && positiveWeight !== undefined) {
    throw new RangeError('positiveWeight and beta must not be given together.');
  }
  if (typeof positiveWeight === 'number') requireNumber('positiveWeight', positiveWeight, { min: 0 });
  else if (positiveWeight !== undefined) requireWeights('positiveWeight', positiveWeight);
  const { fromLogits } = settings;

  /** Weights of positives and negatives, one a class; undefined where all are 1. */
  function sides(classes: number): readonly [Tensor, Tensor] | undefined {
    const own = weightsOfClasses(settings, classes);
    const positive = typeof positiveWeight === 'object' ? positiveWeight : undefined;
    requireOnePerClass('positiveWeight', positive?.length === 1 ? undefined : positive, classes);
    const positives = own.map(
      (weight, k) => weight * (positive?.[positive.length === 1 ? 0 : k] ?? (positiveWeight as number) ?? beta ?? 1),
    );
    const negatives = own.map((weight) => weight * (beta === undefined ? 1 : 1 - beta));
    if ([...positives, ...negatives].every((weight) => weight === 1)) return undefined;
    return [tensor1d(positives), tensor1d(negatives)];
  }

  return defineLoss<O>(settings, (input: LossInput): Evaluation => {
    const { truth, valid, factor, weightedTruth } = input.prepared(settings);
    const weights = sides(truth.shape[3]);
    let present: Tensor4D = weightedTruth;
    if (smooth > 0) present = add(mul(present, 1 - 2 * smooth), mul(factor ?? 1, smooth));
    const missing = sub<Tensor4D>(factor ?? 1, present);
    // a t ln(1 + e^-z) + b (1 - t) ln(1 + e^z), where ln(1 + e^z) = z + ln(1 + e^-z).
    const atMissing = weights === undefined ? missing : mul<Tensor4D>(missing, weights[1]);
    const atPresent = weights === undefined ? present : mul<Tensor4D>(present, weights[0]);
    const atBoth = weights === undefined ? factor : add<Tensor4D>(atPresent, atMissing);
    const times = (x: Tensor4D, by: Tensor4D | undefined): Tensor4D => (by === undefined ? x : mul(x, by));
    const { scores } = input;
    const cost = fromLogits
      ? add<Tensor4D>(times(softplusOfNegative(scores), atBoth), mul(atMissing, scores))
      : neg(
          add<Tensor4D>(mul(atPresent, safeLog(scores)), mul(atMissing, safeLog(sub(1, input.probability(settings))))),
        );
    const classes = truth.shape[3];
    const chosen = weightsOfClasses({ ...settings, classWeights: undefined }, classes);
    const reduced = reducePixels(cost, settings, () =>
      meanOver === 'all' || valid === undefined
        ? (truth.size / classes) * chosen.reduce((a, b) => a + b)
        : countPixels(valid, chosen),
    );
    const kept = [scores, atMissing, ...(fromLogits ? (atBoth === undefined ? [] : [atBoth]) : [atPresent])];
    return {
      value: reduced.value,
      saved: [...kept, ...reduced.saved],
      gradient: (upstream, saved) => {
        const [z, absent, both] = saved as Tensor4D[];
        const up = reduced.spread(upstream, saved.slice(kept.length));
        const own = fromLogits
          ? sub<Tensor4D>(absent!, times(sigmoid(neg(z!)), atBoth === undefined ? undefined : both))
          : slopeOfEntropy(z!, both!, absent!);
        return mul(own, up);
      },
    };
  });
}

/** -a t / p + b (1 - t) / (1 - p), finite at 0 and 1. */
function slopeOfEntropy(probability: Tensor4D, atPresent: Tensor4D, atMissing: Tensor4D): Tensor4D {
  return sub(
    div(atMissing, maximum(sub(1, probability), SMALLEST_PROBABILITY)),
    div(atPresent, maximum(probability, SMALLEST_PROBABILITY)),
  );
}
