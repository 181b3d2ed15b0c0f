import {
  add,
  div,
  log,
  max,
  maximum,
  mul,
  neg,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tensor1d,
} from '@tensorflow/tfjs-core';
import { requireOneOf } from '../core/check.js';
import { defineLoss, type Evaluation } from './defineLoss.js';
import { SMALLEST_PROBABILITY, safeLog } from './elementwise.js';
import type { LossOf, LossOptions } from './loss.js';
import type { LossInput } from './lossInput.js';
import { lossSettings, requireShare, weightsOfClasses } from './lossSettings.js';
import { reducePixels, sumMap } from './pixelReduction.js';

/** Options of {@link crossEntropyLoss}. */
export interface CrossEntropyLossOptions extends Omit<LossOptions, 'mode'> {
  /** Pixels have exactly one class; for others see {@link binaryCrossEntropyLoss}. @defaultValue 'multiclass' */
  readonly mode?: 'multiclass';
  /** Share of the target that is spread evenly over all classes, in 0..1 (label smoothing). @defaultValue 0 */
  readonly smooth?: number;
  /**
   * What the mean divides by: the weights of the target's classes at the pixels that count (PyTorch), or `'all'` pixels,
   * ignored ones included (SMP's `SoftCrossEntropyLoss`). @defaultValue 'counted'
   */
  readonly meanOver?: 'counted' | 'all';
}

/**
 * Returns the cross entropy of the softmax, 0 or more, for targets of mode `'multiclass'`: class indices
 * `[batch, height, width]`, or one-hot, which may be soft (any shares that sum to 1). As PyTorch's `cross_entropy`, the
 * mean divides by the summed class weights of the target pixels (PyTorch divides one-hot targets by the pixels; here
 * both forms are equal). Pixels of classes that are not among `classes` cost nothing. Where all pixels are ignored it is
 * 0 (PyTorch: NaN). With `reduction: 'none'` it is `[batch, height, width]`.
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
export function crossEntropyLoss<O extends CrossEntropyLossOptions>(options: O = {} as O): LossOf<O> {
  const settings = lossSettings('crossEntropyLoss', options, ['smooth', 'meanOver'], ['multiclass']);
  const { smooth = 0, meanOver = 'counted' } = options;
  requireShare('smooth', smooth);
  requireOneOf('meanOver', meanOver, ['counted', 'all']);
  const { fromLogits } = settings;

  return defineLoss<O>(settings, (input: LossInput): Evaluation => {
    const { truth, valid, factor, weightedTruth } = input.prepared(settings);
    const [batch, height, width, classes] = truth.shape;
    const weights = weightsOfClasses(settings, classes);
    const weighted = weights.some((weight) => weight !== 1);
    const list = weighted ? tensor1d(weights) : undefined;
    const byClass = <T extends Tensor>(x: T): T => (list === undefined ? x : mul<T>(x, list));
    let share = byClass(weightedTruth);
    if (smooth > 0) {
      const spread = tensor1d(weights.map((weight) => (weight * smooth) / classes));
      share = add(mul(share, 1 - smooth), factor === undefined ? spread : mul(factor, spread));
    }
    // Every pixel of an unweighted target sums to 1.
    const total = weighted || factor !== undefined ? sum<Tensor4D>(share, 3, true) : undefined;
    const times = (x: Tensor4D, by: Tensor4D | undefined): Tensor4D => (by === undefined ? x : mul(x, by));
    const probability = input.probability(settings);
    const { scores } = input;
    const cost = fromLogits
      ? neg(
          add(
            sum<Tensor4D>(mul(share, sub(scores, max(scores, 3, true))), 3, true),
            times(log(max<Tensor4D>(probability, 3, true)), total),
          ),
        )
      : neg(sum<Tensor4D>(mul(share, safeLog(probability)), 3, true));
    const reduced = reducePixels(cost as Tensor4D, settings, () =>
      meanOver === 'all' || (valid === undefined && !weighted) ? batch * height * width : sumMap(byClass(truth)),
    );
    const kept = [probability, share, ...(total === undefined ? [] : [total])];
    return {
      value: reduced.value,
      saved: [...kept, ...reduced.saved],
      gradient: (upstream, saved) => {
        const [p, s, of] = saved as Tensor4D[];
        const up = reduced.spread(upstream, saved.slice(kept.length));
        const own = fromLogits
          ? sub<Tensor4D>(times(p!, total === undefined ? undefined : of!), s!)
          : neg(div<Tensor4D>(s!, maximum(p!, SMALLEST_PROBABILITY)));
        return mul(own, up);
      },
    };
  });
}
