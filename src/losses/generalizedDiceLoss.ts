import {
  add,
  div,
  greater,
  max,
  maximum,
  mul,
  onesLike,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tensor4d,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { requireNumber, requireOneOf } from '../core/check.js';
import { defineLoss, type Evaluation } from './defineLoss.js';
import type { LossOf, LossOptions } from './loss.js';
import { type LossInput, sumPixels, throughActivation } from './lossInput.js';
import { lossSettings, requireBoolean, weightsOfClasses } from './lossSettings.js';

/** Options of {@link generalizedDiceLoss}. */
export interface GeneralizedDiceLossOptions extends LossOptions {
  /** Weight of a class by its size in the target, T: 1 / T^2, 1 / T, or 1. @defaultValue 'square' */
  readonly sizeWeights?: 'square' | 'simple' | 'uniform';
  /** One ratio an image, and their mean; else one for the batch. @defaultValue true */
  readonly perImage?: boolean;
  /** Added to both sides of the ratio, after the weighting. @defaultValue 1e-5 */
  readonly smooth?: number;
}

/**
 * Returns the generalised Dice loss of Sudre et al. 2017, in 0..1: one ratio over all classes, each weighted by its size
 * in the target, so that small ones count as much as large ones. An absent class takes the largest weight. Follows
 * MONAI's `GeneralizedDiceLoss` (`w_type`, `batch`; `include_background=False` is `classes`). With `reduction: 'none'` it
 * is one value an image, `[batch]`, or `[1]`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 0, 0], [1, 2, 2], 'int32');
 * const logits = zeros([1, 2, 2, 2]);
 * const value = generalizedDiceLoss({ mode: 'multiclass' })(target, logits);
 * value.dataSync(); // [0.6]
 * dispose([target, logits, value]);
 * ```
 */
export function generalizedDiceLoss<O extends GeneralizedDiceLossOptions>(options: O): LossOf<O> {
  const settings = lossSettings('generalizedDiceLoss', options, ['sizeWeights', 'perImage', 'smooth']);
  const { sizeWeights = 'square', perImage = true, smooth = 1e-5 } = options;
  requireOneOf('sizeWeights', sizeWeights, ['square', 'simple', 'uniform']);
  requireBoolean('perImage', perImage);
  requireNumber('smooth', smooth, { above: 0 });
  const { reduction } = settings;

  return defineLoss<O>(settings, (input: LossInput): Evaluation => {
    const { truth, factor, weightedTruth } = input.prepared(settings);
    const classes = truth.shape[3];
    const probability = input.probability(settings);
    const actual = sumPixels(weightedTruth, perImage);
    const counted = factor === undefined ? probability : mul<Tensor4D>(probability, factor);
    const hit = sumPixels(mul(probability, weightedTruth), perImage);
    const both = add(actual, sumPixels(counted, perImage));
    const weight = mul<Tensor4D>(
      weightsBySize(actual, sizeWeights),
      tensor4d(weightsOfClasses(settings, classes), [1, 1, 1, classes]),
    );
    const top = add(mul(2, sum(mul(weight, hit), 3, true)), smooth);
    const bottom = add(sum(mul(weight, both), 3, true), smooth);
    const groups = perImage ? truth.shape[0] : 1;
    const scale = reduction === 'mean' ? 1 / groups : 1;
    const each = mul(sub(1, div(top, bottom)), scale);
    const inverse = div(scale, bottom);
    return {
      value: reduction === 'none' ? reshape(each, [groups]) : sum(each),
      saved: [
        probability,
        weightedTruth,
        mul(weight, mul(-2, inverse)),
        mul(weight, mul(div(top, bottom), inverse)),
        ...(factor === undefined ? [] : [factor]),
      ],
      gradient: (upstream, saved) => {
        const [p, t, atTruth, everywhere, f] = saved as Tensor4D[];
        const up: Tensor = reduction === 'none' ? reshape(upstream, [groups, 1, 1, 1]) : upstream;
        const rest = mul<Tensor4D>(everywhere!, up);
        const gradient = add<Tensor4D>(mul(t!, mul(atTruth!, up)), f === undefined ? rest : mul(rest, f));
        return throughActivation(settings, p!, gradient);
      },
    };
  });
}

function weightsBySize(actual: Tensor4D, kind: 'square' | 'simple' | 'uniform'): Tensor4D {
  if (kind === 'uniform') return onesLike(actual);
  const size = maximum(actual, 1e-6);
  const inverse = div<Tensor4D>(1, kind === 'square' ? square(size) : size);
  const finite = where(greater(actual, 0), inverse, zerosLike(inverse)) as Tensor4D;
  return where(greater(actual, 0), inverse, add(zerosLike(inverse), max(finite, 3, true))) as Tensor4D;
}
