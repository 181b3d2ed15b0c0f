import {
  add,
  div,
  maximum,
  mul,
  reshape,
  sqrt,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tensor4d,
} from '@tensorflow/tfjs-core';
import { requireNumber } from '../core/check.js';
import { defineLoss, type Evaluation } from './defineLoss.js';
import type { LossOf, LossOptions } from './loss.js';
import { type LossInput, sumPixels, throughActivation } from './lossInput.js';
import { lossSettings, weightsOfClasses } from './lossSettings.js';

/** Options of {@link mccLoss}. */
export interface MccLossOptions extends LossOptions {
  /** Added to each of the four counts; above 0. SMP's `eps`. @defaultValue 1e-5 */
  readonly smooth?: number;
}

/**
 * Returns 1 - Matthews' correlation coefficient of soft counts pooled over the batch, in 0..2: 0 for a perfect match, 1
 * for no relation (Abhishek and Hamarneh 2021). Of several classes each against the rest, and their mean. Follows SMP's
 * `MCCLoss`, which is binary and takes probabilities (here `fromLogits: false`). Where all pixels are ignored it is 0.
 * With `reduction: 'none'` it is `[classes]`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, tensor4d } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2]);
 * const logits = tensor4d([-50, 50, -50, -50], [1, 2, 2, 1]);
 * const value = mccLoss({ mode: 'binary' })(target, logits);
 * value.dataSync(); // [0.42265]
 * dispose([target, logits, value]);
 * ```
 */
export function mccLoss<O extends MccLossOptions>(options: O): LossOf<O> {
  const settings = lossSettings('mccLoss', options, ['smooth']);
  const { smooth = 1e-5 } = options;
  requireNumber('smooth', smooth, { above: 0 });
  const { reduction } = settings;

  return defineLoss<O>(settings, (input: LossInput): Evaluation => {
    const { truth, factor, weightedTruth } = input.prepared(settings);
    const [batch, height, width, classes] = truth.shape;
    const probability = input.probability(settings);
    const counted = factor === undefined ? probability : mul<Tensor4D>(probability, factor);
    const hit = sumPixels(mul(probability, weightedTruth));
    const predicted = sumPixels(counted);
    const actual = sumPixels(weightedTruth);
    const pixels: Tensor | number = factor === undefined ? batch * height * width : sumPixels(factor);
    const truePositive = add(hit, smooth);
    const falsePositive = add(sub(predicted, hit), smooth);
    const falseNegative = add(sub(actual, hit), smooth);
    const trueNegative = add(sub(pixels, sub(add(predicted, actual), hit)), smooth);
    const guessed = add(truePositive, falsePositive);
    const present = add(truePositive, falseNegative);
    const missing = add(trueNegative, falsePositive);
    const rejected = add(trueNegative, falseNegative);
    // Two roots, so that the product of four counts stays within float32.
    const root = maximum(mul(sqrt(mul(guessed, present)), sqrt(mul(missing, rejected))), 1e-30);
    const mcc = div(sub(mul(truePositive, trueNegative), mul(falsePositive, falseNegative)), root);
    const weights = weightsOfClasses(settings, classes);
    const divisor = reduction === 'mean' ? weights.reduce((a, b) => a + b) : 1;
    const list = tensor4d(
      weights.map((weight) => weight / divisor),
      [1, 1, 1, classes],
    );
    const share = typeof pixels === 'number' ? list : mul<Tensor4D>(list, step(pixels));
    const each = mul(sub(1, mcc), share);
    const byTruth = mul(share, div(add(present, missing), root));
    const byAll = mul(share, add(div(present, root), mul(mul(mcc, 0.5), sub(div(1, guessed), div(1, rejected)))));
    return {
      value: reduction === 'none' ? reshape(each, [classes]) : sum(each),
      saved: [probability, weightedTruth, byTruth, byAll, ...(factor === undefined ? [] : [factor])],
      gradient: (upstream, saved) => {
        const [p, t, atTruth, everywhere, f] = saved as Tensor4D[];
        const up: Tensor = reduction === 'none' ? reshape(upstream, atTruth!.shape) : upstream;
        const rest = mul<Tensor4D>(everywhere!, up);
        const gradient = sub<Tensor4D>(f === undefined ? rest : mul(rest, f), mul(t!, mul(atTruth!, up)));
        return throughActivation(settings, p!, gradient);
      },
    };
  });
}
