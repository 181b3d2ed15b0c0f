import {
  add,
  cumsum,
  div,
  gather,
  greater,
  maximum,
  mul,
  relu,
  reshape,
  scatterND,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor2d,
  tile,
  topk,
  transpose,
  where,
} from '@tensorflow/tfjs-core';
import { requireNumber } from '../core/check.js';
import { defineLoss, type Evaluation } from './defineLoss.js';
import type { LossOf, LossOptions } from './loss.js';
import { type LossInput, throughActivation } from './lossInput.js';
import { lossSettings, requireBoolean, weightsOfClasses } from './lossSettings.js';

/** Options of {@link lovaszLoss}. */
export interface LovaszLossOptions extends LossOptions {
  /** Rank the errors of every image on its own, and take the mean over images. @defaultValue false */
  readonly perImage?: boolean;
  /** Added to both sides of the Jaccard index whose extension this is. @defaultValue 0 */
  readonly smooth?: number;
  /**
   * In mode `'multilabel'` rank the errors of all classes together, as SMP does; else each class has its own loss.
   * @defaultValue false
   */
  readonly pooled?: boolean;
}

/**
 * Returns the Lovász loss of Berman et al. 2018: the Lovász extension of 1 - IoU, 0 or more, over errors in falling
 * order. Mode `'multiclass'`: the Lovász-Softmax, mean over the classes that the target holds, in 0..1. Modes `'binary'`
 * and `'multilabel'`: the Lovász hinge of the logits, without an upper bound; from probabilities
 * (`fromLogits: false`, which SMP ignores) errors |t - p| instead. Follows SMP's `LovaszLoss`. It sorts, and so takes
 * several times as long as the other losses. With `reduction: 'none'` it is one value a class, `[classes]`, or
 * `[batch, classes]` with `perImage`; absent classes have 0 in mode `'multiclass'`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2], 'int32');
 * const logits = zeros([1, 2, 2, 2]);
 * const value = lovaszLoss({ mode: 'multiclass' })(target, logits);
 * value.dataSync(); // [0.5]
 * dispose([target, logits, value]);
 * ```
 */
export function lovaszLoss<O extends LovaszLossOptions>(options: O): LossOf<O> {
  const settings = lossSettings('lovaszLoss', options, ['perImage', 'smooth', 'pooled']);
  const { perImage = false, smooth = 0, pooled = false } = options;
  const { mode, fromLogits, reduction, classes, classWeights } = settings;
  requireBoolean('perImage', perImage);
  requireBoolean('pooled', pooled);
  requireNumber('smooth', smooth, { min: 0 });
  if (pooled && mode !== 'multilabel') throw new RangeError(`pooled must be used in mode 'multilabel', got '${mode}'.`);
  if (pooled && (classes ?? classWeights) !== undefined) {
    throw new RangeError('classes and classWeights must not be given with pooled, where classes are one.');
  }
  const hinge = mode !== 'multiclass' && fromLogits;

  return defineLoss<O>(settings, (input: LossInput): Evaluation => {
    const { truth, factor, weightedTruth } = input.prepared(settings);
    const [batch, , , channels] = truth.shape;
    const groups = perImage ? batch : 1;
    const rowsPerGroup = pooled ? 1 : channels;
    const rows = groups * rowsPerGroup;
    const length = truth.size / rows;
    const toRows = (x: Tensor4D): Tensor2D => {
      if (pooled || channels === 1) return reshape(x, [rows, length]);
      return reshape(transpose(reshape(x, [groups, length, channels]), [0, 2, 1]), [rows, length]);
    };
    const fromRows = (x: Tensor): Tensor4D => {
      if (pooled || channels === 1) return reshape(x, truth.shape);
      return reshape(transpose(reshape(x, [groups, channels, length]), [0, 2, 1]), truth.shape);
    };
    const scores = hinge ? input.scores : input.probability(settings);
    // An error grows where the score moves along this.
    const away = sub<Tensor4D>(1, mul(2, truth));
    const error = hinge ? add<Tensor4D>(1, mul(scores, away)) : add<Tensor4D>(truth, mul(scores, away));
    const { values, indices } = topk(toRows(error), length);
    const flat = sortedPlaces(indices as Tensor2D);
    const inOrder = (x: Tensor4D): Tensor2D => reshape(gather(reshape(toRows(x), [-1]), flat), [rows, length]);
    const hits = inOrder(weightedTruth);
    const counts = factor === undefined ? undefined : inOrder(broadcastTo(factor, channels));
    const { gains, present } = lovaszGains(hits, counts, smooth);
    // Errors of probabilities are not negative; relu would hide NaN on some backends.
    const costs = sum(mul(hinge ? relu(values) : values, gains), 1, true) as Tensor2D;

    const weights = weightsOfClasses(settings, channels);
    const perRow = tensor2d(
      Array.from({ length: rows }, (_, row) => (pooled ? 1 : weights[row % channels]!)),
      [rows, 1],
    );
    const counted = mode === 'multiclass' ? mul<Tensor2D>(perRow, present) : perRow;
    let share = counted;
    if (reduction === 'mean') {
      const inGroup = sum(reshape(counted, [groups, rowsPerGroup]), 1, true);
      const each = mul(maximum(inGroup, 1e-12), groups);
      share = reshape(div(reshape(counted, [groups, rowsPerGroup]), each), [rows, 1]);
    }
    const each = mul<Tensor2D>(costs, share);
    const byError = mul<Tensor2D>(mul(gains, step(values)), share);
    const scattered = scatterND(reshape(flat, [rows * length, 1]), reshape(byError, [rows * length]), [rows * length]);
    const byScore = mul<Tensor4D>(fromRows(scattered), away);
    const shape = perImage ? [groups, rowsPerGroup] : [rowsPerGroup];
    return {
      value: reduction === 'none' ? reshape(each, shape) : sum(each),
      saved: [byScore, ...(hinge ? [] : [scores])],
      gradient: (upstream, saved) => {
        const up =
          reduction === 'none'
            ? reshape(upstream, perImage ? [groups, 1, 1, rowsPerGroup] : [1, 1, 1, rowsPerGroup])
            : upstream;
        const gradient = mul<Tensor4D>(saved[0] as Tensor4D, up);
        return hinge ? gradient : throughActivation(settings, saved[1] as Tensor4D, gradient);
      },
    };
  });
}

/** Places in the flat data of the rows, `[rows * length]`, from those within each row. */
function sortedPlaces(indices: Tensor2D): Tensor {
  const [rows, length] = indices.shape;
  const places = reshape(indices, [rows * length]);
  if (rows === 1) return places;
  const starts = Array.from({ length: rows }, (_, row) => row * length);
  return reshape(add(indices, tensor2d(starts, [rows, 1], 'int32')), [rows * length]);
}

function broadcastTo(factor: Tensor4D, channels: number): Tensor4D {
  return factor.shape[3] === channels ? factor : tile(factor, [1, 1, 1, channels]);
}

/**
 * How much the Jaccard loss grows when the errors, sorted, are made one after the other: what each is multiplied with.
 * A missed pixel leaves the union and takes 1 / union; a false one widens it. Written out, since differences of the
 * running loss would lose half of the digits of float32.
 *
 * @param hits - weight of each pixel where it belongs to the class, else 0, `[rows, length]`.
 * @param counts - weight of each pixel; 1 where absent.
 */
function lovaszGains(
  hits: Tensor2D,
  counts: Tensor2D | undefined,
  smooth: number,
): { readonly gains: Tensor2D; readonly present: Tensor2D } {
  const all = sum(hits, 1, true);
  const misses = counts === undefined ? sub<Tensor2D>(1, hits) : sub<Tensor2D>(counts, hits);
  const left = maximum(add(sub(all, cumsum(hits, 1)), smooth), 0);
  const union = add(add(all, cumsum(misses, 1)), smooth);
  const before = sub(union, misses);
  const safe = maximum(union, 1e-20);
  const widened = where(
    greater(before, 0),
    div(mul(misses, left), mul(safe, maximum(before, 1e-20))),
    // From nothing, the first false pixel makes all of the loss.
    step(misses),
  );
  return { gains: add(div(hits, safe), widened), present: step<Tensor2D>(all as Tensor2D) };
}
