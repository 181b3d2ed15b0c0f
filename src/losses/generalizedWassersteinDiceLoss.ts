import {
  add,
  div,
  matMul,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tensor2d,
  tensor4d,
} from '@tensorflow/tfjs-core';
import { requireNumber, show } from '../core/check.js';
import { defineLoss, type Evaluation } from './defineLoss.js';
import type { LossOf, LossOptions } from './loss.js';
import { type LossInput, sumPixels, throughActivation } from './lossInput.js';
import { lossSettings } from './lossSettings.js';

/** Options of {@link generalizedWassersteinDiceLoss}. */
export interface GeneralizedWassersteinDiceLossOptions extends Omit<LossOptions, 'mode' | 'classes' | 'classWeights'> {
  /** The only mode in which classes exclude one another. @defaultValue 'multiclass' */
  readonly mode?: 'multiclass';
  /** How far apart classes are, 0 or more, `distances[truth][predicted]`; divided by the largest. Class 0 is background. */
  readonly distances: readonly (readonly number[])[];
  /** Added to both sides of the ratio. @defaultValue 1e-5 */
  readonly smooth?: number;
}

/**
 * Returns the generalised Wasserstein Dice loss of Fidon et al. 2017, in 0..1: errors cost as much as their classes lie
 * apart, in every image on its own, then the mean. As MONAI's `GeneralizedWassersteinDiceLoss`, which from a batch of
 * several images adds up the true positives of one image over all others, by a mistake in a broadcast: the two agree for
 * batches of 1. With `reduction: 'none'` it is `[batch]`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2], 'int32');
 * const logits = zeros([1, 2, 2, 2]);
 * const value = generalizedWassersteinDiceLoss({ distances: [[0, 1], [1, 0]] })(target, logits);
 * value.dataSync(); // [0.5]
 * dispose([target, logits, value]);
 * ```
 */
export function generalizedWassersteinDiceLoss<O extends GeneralizedWassersteinDiceLossOptions>(options: O): LossOf<O> {
  const settings = lossSettings('generalizedWassersteinDiceLoss', options, ['distances', 'smooth'], ['multiclass']);
  const { distances, smooth = 1e-5 } = options;
  requireNumber('smooth', smooth, { above: 0 });
  if ((settings.classes ?? settings.classWeights) !== undefined) {
    throw new RangeError('classes and classWeights must not be given: distances say what each class costs.');
  }
  const largest = requireDistances(distances);
  const { reduction } = settings;

  return defineLoss<O>(settings, (input: LossInput): Evaluation => {
    const { truth, weightedTruth } = input.prepared(settings);
    const [batch, , , classes] = truth.shape;
    if (distances.length !== classes) {
      throw new RangeError(`distances must have one row a class of the logits, ${classes}, got ${distances.length}.`);
    }
    const matrix = tensor2d(
      distances.flatMap((row) => row.map((distance) => distance / largest)),
      [classes, classes],
    );
    const foreground = tensor4d([0, ...new Array<number>(classes - 1).fill(1)], [1, 1, 1, classes]);
    const probability = input.probability(settings);
    // What each class costs at each pixel, and whether the pixel is one of an object.
    const costs: Tensor4D = reshape(matMul(reshape(weightedTruth, [-1, classes]), matrix), truth.shape);
    const object = sum<Tensor4D>(mul(weightedTruth, foreground), 3, true);
    const error = sum<Tensor4D>(mul(probability, costs), 3, true);
    const inside = sum<Tensor4D>(mul(truth, foreground), 3, true);
    const hit = sub(sumPixels(object, true), sumPixels(mul(error, inside), true));
    const top = add(mul(2, hit), smooth);
    const bottom = add(top, sumPixels(error, true));
    const scale = reduction === 'mean' ? 1 / batch : 1;
    const each = mul(sub(1, div(top, bottom)), scale);
    const inverse = div(scale, bottom);
    const score = div(top, bottom);
    // d loss / d error: 2 (1 - score) / bottom inside objects, and score / bottom everywhere.
    const byError = add(mul(inside, mul(2, mul(sub(1, score), inverse))), mul(score, inverse));
    return {
      value: reduction === 'none' ? reshape(each, [batch]) : sum(each),
      saved: [probability, mul(costs, byError)],
      gradient: (upstream, [p, by]) => {
        const up: Tensor = reduction === 'none' ? reshape(upstream, [batch, 1, 1, 1]) : upstream;
        return throughActivation(settings, p as Tensor4D, mul(by as Tensor4D, up));
      },
    };
  });
}

/** Throws unless `distances` are a square of finite numbers of 0 or more; returns the largest. */
function requireDistances(distances: readonly (readonly number[])[]): number {
  if (!Array.isArray(distances)) throw new TypeError(`distances must be rows of numbers, got ${show(distances)}.`);
  let largest = 0;
  distances.forEach((row, i) => {
    if (!Array.isArray(row) || row.length !== distances.length) {
      throw new RangeError(`distances[${i}] must have ${distances.length} numbers, got ${show(row)}.`);
    }
    row.forEach((distance, j) => {
      requireNumber(`distances[${i}][${j}]`, distance, { min: 0 });
      largest = Math.max(largest, distance);
    });
  });
  if (largest === 0) throw new RangeError('distances must hold at least one number above 0, got none.');
  return largest;
}
