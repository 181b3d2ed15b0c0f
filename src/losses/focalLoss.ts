import {
  abs,
  add,
  div,
  greater,
  log,
  maximum,
  mul,
  onesLike,
  pow,
  relu,
  type Scalar,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { requireKnownOptions, requireNumber, requireOneOf, requireProbability, show } from '../core/check.js';
import { sumOverPixels } from './elementwise.js';
import type { Loss, LossMode } from './loss.js';
import { type PreparedTarget, prepareTarget, requireTargetOptions } from './prepareTarget.js';
import { type ValueAndGradient, withGradient } from './withGradient.js';

/** Options of {@link focalLoss}. */
export interface FocalLossOptions {
  /** What the classes of a pixel are. */
  readonly mode: LossMode;
  /** Weight of positives; negatives weigh 1 - alpha. Without it both weigh 1. */
  readonly alpha?: number;
  /** Power of the error that weighs the cross entropy. @defaultValue 2 */
  readonly gamma?: number;
  /** Divide by the sum of the weights error^gamma of the class. @defaultValue false */
  readonly normalized?: boolean;
  /** Weight 1 where the probability of the truth is below this, and (error / reducedThreshold)^gamma elsewhere. */
  readonly reducedThreshold?: number;
  /** Mean or sum over the pixels that count. @defaultValue 'mean' */
  readonly reduction?: 'mean' | 'sum';
  /** Target value of pixels that count nowhere, outside the classes. */
  readonly ignoreIndex?: number;
  /**
   * How classes combine: SMP `'main'` takes their mean; `'0.3.3'` adds them up in mode `'multiclass'` and pools them
   * in mode `'multilabel'`, where that matters to `normalized` and to `reduction: 'sum'`. @defaultValue 'main'
   */
  readonly smp?: 'main' | '0.3.3';
}

interface Weighting {
  readonly gamma: number;
  readonly reducedThreshold: number | undefined;
}

/** error^gamma and its derivative. */
function focalWeight(error: Tensor4D, { gamma, reducedThreshold }: Weighting): readonly [Tensor4D, Tensor4D] {
  const x = reducedThreshold === undefined ? error : div<Tensor4D>(error, reducedThreshold);
  let weight: Tensor4D;
  let slope: Tensor4D;
  if (gamma === 0) [weight, slope] = [onesLike(x), zerosLike(x)];
  else if (gamma === 1) [weight, slope] = [x, onesLike(x)];
  else if (gamma === 2) [weight, slope] = [square(x), mul(2, x)];
  else {
    // Below gamma 1 the slope has a pole at 0, which the vanishing cross entropy beats.
    weight = pow(x, gamma);
    slope = mul(gamma, pow(maximum(x, 1e-12), gamma - 1));
  }
  if (reducedThreshold === undefined) return [weight, slope];
  const far = greater(error, 1 - reducedThreshold);
  return [where(far, onesLike(x), weight), where(far, zerosLike(x), div(slope, reducedThreshold))];
}

/**
 * Returns the focal loss of Lin et al. 2017, 0 or more: cross entropy of the sigmoid of each logit, times
 * error^gamma. Mode `'multiclass'` is one class against the rest, without softmax, and the mean over the classes, as
 * SMP's `FocalLoss` has it. Where all pixels are ignored it is 0.
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
export function focalLoss(options: FocalLossOptions): Loss {
  requireKnownOptions('focalLoss', options, [
    'mode',
    'alpha',
    'gamma',
    'normalized',
    'reducedThreshold',
    'reduction',
    'ignoreIndex',
    'smp',
  ]);
  const { mode, alpha, gamma = 2, normalized = false, reducedThreshold, reduction = 'mean', smp = 'main' } = options;
  requireTargetOptions(options);
  if (alpha !== undefined) requireProbability('alpha', alpha);
  requireNumber('gamma', gamma, { min: 0 });
  if (typeof normalized !== 'boolean')
    throw new TypeError(`normalized must be true or false, got ${show(normalized)}.`);
  if (reducedThreshold !== undefined) requireNumber('reducedThreshold', reducedThreshold, { above: 0, max: 1 });
  requireOneOf('reduction', reduction, ['mean', 'sum']);
  requireOneOf('smp', smp, ['main', '0.3.3']);
  const pooled = smp === '0.3.3' && mode === 'multilabel';
  const total = (x: Tensor4D): Tensor => (pooled ? sum(sumOverPixels(x)) : sumOverPixels(x));

  /** What one unit of the sum of each class contributes to the loss. */
  function share({ truth, valid }: PreparedTarget): Tensor | number {
    const [batch, height, width, classes] = truth.shape;
    const averaged = pooled || (smp === '0.3.3' && mode === 'multiclass') ? 1 : classes;
    if (reduction === 'sum') return 1 / averaged;
    if (valid === undefined) return 1 / (batch * height * width * (pooled ? classes : averaged));
    return div(1 / averaged, maximum(total(valid), 1));
  }

  return (target: Tensor, logits: Tensor): Scalar =>
    tidy(() => {
      const prepared = prepareTarget(target, logits, options);
      const { truth, valid } = prepared;
      const counted = (x: Tensor4D): Tensor4D => (valid === undefined ? x : mul(x, valid));
      const scale = share(prepared);
      return withGradient(logits as Tensor4D, (z): ValueAndGradient => {
        const p = sigmoid(z);
        const sign = sub<Tensor4D>(1, mul(2, truth));
        const error = add<Tensor4D>(truth, mul(sign, p));
        const entropy = sub<Tensor4D>(sub(relu(z), mul(z, truth)), log(sigmoid(abs(z))));
        const [weight, slope] = focalWeight(error, { gamma, reducedThreshold });
        const balance = alpha === undefined ? undefined : add<Tensor4D>(1 - alpha, mul(2 * alpha - 1, truth));
        const balanced = counted(balance === undefined ? entropy : mul(entropy, balance));
        // The error moves with the logit by sign * p * (1 - p).
        const drift = mul<Tensor4D>(slope, mul(sign, sub(p, square(p))));
        const direct = mul<Tensor4D>(weight, sub(p, truth));
        const own = counted(balance === undefined ? direct : mul(direct, balance));
        const gradient = add<Tensor4D>(mul(drift, balanced), own);
        const loss = total(mul(weight, balanced));
        if (!normalized) return { value: sum(mul(loss, scale)), gradient: mul(gradient, scale) };
        const norm = total(counted(weight));
        const bounded = maximum(norm, 1e-6);
        const factor = div<Tensor1D>(scale, bounded);
        const pull = mul(div(loss, bounded), greater(norm, 1e-6));
        return {
          value: sum(mul(loss, factor)),
          gradient: mul(sub(gradient, mul(counted(drift), pull)), factor),
        };
      });
    });
}
