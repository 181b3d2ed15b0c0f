import { add, log, maximum, mul, sum, type Tensor4D } from '@tensorflow/tfjs-core';
import { crossEntropyLoss } from './crossEntropyLoss.js';
import { type DefinedLoss, defineLoss, type Evaluation } from './defineLoss.js';
import type { LossOf, LossOptions } from './loss.js';
import { lossSettings } from './lossSettings.js';
import { reducePixels, sumMap } from './pixelReduction.js';

/** Options of {@link klDivergenceLoss}. */
export interface KlDivergenceLossOptions extends Omit<LossOptions, 'mode' | 'classes' | 'classWeights'> {
  /** Classes exclude one another. @defaultValue 'multiclass' */
  readonly mode?: 'multiclass';
}

/**
 * Returns the Kullback-Leibler divergence of the softmax from soft targets (shares of every class, one-hot layout), 0 or
 * more, the mean over pixels: the cross entropy less the target's own entropy, so that 0 is a perfect match. For
 * distillation and targets of several annotators. With `reduction: 'none'` it is `[batch, height, width]`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor4d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor4d([0.5, 0.5, 0.9, 0.1], [1, 1, 2, 2]);
 * const logits = zeros([1, 1, 2, 2]);
 * const value = klDivergenceLoss()(target, logits);
 * value.dataSync(); // [0.184032]
 * dispose([target, logits, value]);
 * ```
 */
export function klDivergenceLoss<O extends KlDivergenceLossOptions>(options: O = {} as O): LossOf<O> {
  const settings = lossSettings('klDivergenceLoss', options, [], ['multiclass']);
  if ((settings.classes ?? settings.classWeights) !== undefined) {
    throw new RangeError('classes and classWeights must not be given: a divergence is of whole distributions.');
  }
  const entropy = crossEntropyLoss(options) as unknown as DefinedLoss;
  return defineLoss<O>(settings, (input): Evaluation => {
    const evaluation = entropy.evaluate(input);
    const { truth, valid, weightedTruth } = input.prepared(settings);
    const own = sum<Tensor4D>(mul(weightedTruth, log(maximum(truth, 1e-30))), 3, true);
    const [batch, height, width] = truth.shape;
    const { value } = reducePixels(own, settings, () => (valid === undefined ? batch * height * width : sumMap(valid)));
    return { ...evaluation, value: add(evaluation.value, value) };
  });
}
