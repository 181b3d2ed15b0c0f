import { requireNumber, requireOneOf, requireProbability } from '../core/check.js';
import { defineLoss } from './defineLoss.js';
import { evaluateOneVersusRest } from './focalOneVersusRest.js';
import { evaluateSoftmaxFocal } from './focalSoftmax.js';
import type { LossOf, LossOptions } from './loss.js';
import { lossSettings, requireBoolean } from './lossSettings.js';

/** Options of {@link focalLoss}. */
export interface FocalLossOptions extends LossOptions {
  /** Weight of positives; negatives weigh 1 - alpha. Without it both weigh 1. Not with the softmax. */
  readonly alpha?: number;
  /** Power of the error that weighs the cross entropy. @defaultValue 2 */
  readonly gamma?: number;
  /** Divide by the sum of the weights error^gamma of the class. Not with the softmax. @defaultValue false */
  readonly normalized?: boolean;
  /** Weight 1 where the probability of the truth is below this, and (error / reducedThreshold)^gamma elsewhere. */
  readonly reducedThreshold?: number;
  /** Share of every target that moves to the other side, in 0..1; with the softmax spread evenly. @defaultValue 0 */
  readonly smooth?: number;
  /**
   * What makes probabilities of the logits. `'sigmoid'`: each class against the rest, as SMP has it in every mode, and
   * MONAI by default. `'softmax'` (mode `'multiclass'` only): the focal loss of the softmax, MONAI's `use_softmax`.
   * `'sigmoidOfSoftmax'`: the sigmoid of probabilities, an accident of the STAS recipe that its results depend on; it
   * never goes below 0.02. @defaultValue 'sigmoid'
   */
  readonly activation?: 'sigmoid' | 'softmax' | 'sigmoidOfSoftmax';
  /**
   * How classes combine: SMP `'main'` takes their mean; `'0.3.3'` adds them up in mode `'multiclass'` and pools them
   * in mode `'multilabel'`, where that matters to `normalized` and to `reduction: 'sum'`. @defaultValue 'main'
   */
  readonly smp?: 'main' | '0.3.3';
}

/**
 * Returns the focal loss of Lin et al. 2017, 0 or more: cross entropy of the sigmoid of each logit, times
 * error^gamma. Mode `'multiclass'` is one class against the rest, without softmax, and the mean over the classes, as
 * SMP's `FocalLoss` has it, weighted by `classWeights`. Where all pixels are ignored it is 0. With `reduction: 'none'`
 * it is `[batch, height, width, classes]`. Probabilities (`fromLogits: false`) are taken as they are; SMP would apply the
 * sigmoid to their logarithm.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2], 'int32');
 * const logits = zeros([1, 2, 2, 2]);
 * const value = focalLoss({ mode: 'multiclass' })(target, logits);
 * value.dataSync(); // [0.173287]
 * dispose([target, logits, value]);
 * ```
 */
export function focalLoss<O extends FocalLossOptions>(options: O): LossOf<O> {
  const own = ['alpha', 'gamma', 'normalized', 'reducedThreshold', 'smooth', 'activation', 'smp'];
  const settings = lossSettings('focalLoss', options, own);
  const { alpha, gamma = 2, normalized = false, reducedThreshold, smooth = 0, smp = 'main' } = options;
  const { activation = 'sigmoid' } = options;
  if (alpha !== undefined) requireProbability('alpha', alpha);
  requireNumber('gamma', gamma, { min: 0 });
  requireBoolean('normalized', normalized);
  if (reducedThreshold !== undefined) requireNumber('reducedThreshold', reducedThreshold, { above: 0, max: 1 });
  requireProbability('smooth', smooth);
  requireOneOf('activation', activation, ['sigmoid', 'softmax', 'sigmoidOfSoftmax']);
  requireOneOf('smp', smp, ['main', '0.3.3']);
  if (normalized && settings.reduction === 'none') {
    throw new RangeError(`normalized must not be given with reduction 'none'.`);
  }
  if (smp === '0.3.3' && (settings.classes ?? settings.classWeights) !== undefined) {
    throw new RangeError(`classes and classWeights must not be given with smp '0.3.3', which has none.`);
  }
  if (activation !== 'sigmoid' && settings.mode !== 'multiclass') {
    throw new RangeError(`activation '${activation}' must be used in mode 'multiclass', got '${settings.mode}'.`);
  }
  if (activation === 'softmax') {
    if (alpha !== undefined || normalized || smp !== 'main') {
      throw new RangeError(`alpha, normalized and smp must not be given with activation 'softmax'; see classWeights.`);
    }
    return defineLoss<O>(settings, (input) =>
      evaluateSoftmaxFocal(input, settings, { gamma, reducedThreshold, smooth }),
    );
  }
  if (activation === 'sigmoidOfSoftmax' && !settings.fromLogits) {
    throw new RangeError(`fromLogits must be true with activation 'sigmoidOfSoftmax'.`);
  }
  const focus = { alpha, gamma, normalized, reducedThreshold, smooth, smp, twice: activation === 'sigmoidOfSoftmax' };
  return defineLoss<O>(settings, (input) => evaluateOneVersusRest(input, settings, focus));
}
