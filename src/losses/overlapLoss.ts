import {
  add,
  div,
  greater,
  log,
  maximum,
  mul,
  neg,
  pow,
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
import { type LossSettings, lossSettings, requireBoolean, weightsOfClasses } from './lossSettings.js';
import { type Score, type ScoreSettings, tverskyScore } from './tverskyScore.js';

/**
 * Options of the losses that measure overlap: {@link diceLoss}, {@link jaccardLoss}, {@link tverskyLoss},
 * {@link focalTverskyLoss}. With `reduction: 'sum'` the classes (and images, with `perImage`) add up; with `'none'` the
 * loss is one value a class, `[classes]`, or `[batch, classes]` with `perImage`.
 */
export interface OverlapLossOptions extends LossOptions {
  /** Take -ln(score) instead of 1 - score. @defaultValue false */
  readonly logLoss?: boolean;
  /** Added to both sides of the ratio. @defaultValue 0 */
  readonly smooth?: number;
  /** Lower bound of the denominator, and of the score inside the logarithm. @defaultValue 1e-7 */
  readonly eps?: number;
  /** Count in every image on its own, as MONAI does, and take the mean over images. @defaultValue false */
  readonly perImage?: boolean;
  /** Square probabilities and targets in the denominator (V-Net; MONAI's `squared_pred`). @defaultValue false */
  readonly squared?: boolean;
  /**
   * A class without a target pixel: `'zero'` costs 0 and counts in the mean (SMP), `'skip'` leaves it out of the mean,
   * `'count'` takes its score as it is (MONAI). @defaultValue 'zero'
   */
  readonly absent?: 'zero' | 'skip' | 'count';
}

/** What an overlap loss adds to the shared options. */
export interface OverlapSettings extends ScoreSettings {
  /** A power of the cost of every class. */
  readonly classPower?: number;
  /** A power of the reduced loss. */
  readonly power?: number;
}

const OWN = ['logLoss', 'smooth', 'eps', 'perImage', 'squared', 'absent'];

/** x^power and its derivative for x of 0 or more; where the derivative has a pole, at 0, it stays finite. */
function powerOf(x: Tensor, power: number): readonly [Tensor, Tensor] {
  const below = pow(maximum(x, 1e-7), power - 1);
  return [mul(x, below), mul(power, below)];
}

/**
 * A loss from Tversky's score of every class, 1 - (TP + s) / (TP + alpha FP + beta FN + s), pooled over the batch or in
 * every image. Dice and Jaccard are its cases alpha = beta = 0.5 and 1.
 */
export function overlapLoss<O extends OverlapLossOptions>(
  name: string,
  {
    classPower = 1,
    power = 1,
    ...weights
  }: Pick<OverlapSettings, 'alpha' | 'beta' | 'doubled' | 'classPower' | 'power'>,
  options: O,
): LossOf<O> {
  const settings = lossSettings(name, options, OWN);
  const { logLoss = false, smooth = 0, eps = 1e-7, perImage = false, squared = false, absent = 'zero' } = options;
  for (const [option, value] of Object.entries({ logLoss, perImage, squared })) requireBoolean(option, value);
  requireNumber('smooth', smooth, { min: 0 });
  requireNumber('eps', eps, { above: 0 });
  requireOneOf('absent', absent, ['zero', 'skip', 'count']);
  const { reduction } = settings;

  return defineLoss<O>(settings, (input: LossInput): Evaluation => {
    const { factor, weightedTruth, truth } = input.prepared(settings);
    const probability = input.probability(settings);
    const counted = (x: Tensor4D): Tensor4D => (factor === undefined ? x : mul(x, factor));
    const present = sumPixels(weightedTruth, perImage);
    const sums = {
      hit: sumPixels(mul(probability, weightedTruth), perImage),
      predicted: sumPixels(counted(squared ? square(probability) : probability), perImage),
      actual: squared ? sumPixels(mul(weightedTruth, truth), perImage) : present,
    };
    const { score, atTruth, elsewhere }: Score = tverskyScore(sums, { ...weights, smooth, eps });
    const bounded = maximum(score, eps);
    const linear = logLoss ? neg(log(bounded)) : sub(1, score);
    const linearSlope = logLoss ? where(greater(score, eps), div(-1, bounded), zerosLike(score)) : -1;
    const [cost, costSlope] = classPower === 1 ? [linear, 1] : powerOf(linear, classPower);
    const share = shareOfClasses(settings, present, absent);
    const shape = reduction === 'none' ? (perImage ? [score.shape[0], score.shape[3]] : [score.shape[3]]) : [];
    const each = mul(cost, share);
    const plain = reshape(reduction === 'none' ? each : sum(each), shape);
    const [value, outer] = power === 1 ? [plain, 1] : powerOf(plain, power);
    const slope = mul<Tensor>(mul(linearSlope, costSlope), share);
    return {
      value,
      saved: [
        probability,
        weightedTruth,
        mul(slope, atTruth),
        mul(slope, elsewhere),
        ...(outer === 1 ? [] : [outer as Tensor]),
        ...(factor === undefined ? [] : [factor]),
      ],
      gradient: (upstream, saved) => {
        const [p, t, byTruth, byAll] = saved as Tensor4D[];
        const own = outer === 1 ? upstream : mul<Tensor>(upstream, saved[4]!);
        const up: Tensor = reduction === 'none' ? reshape(own, byTruth!.shape) : own;
        let rest: Tensor4D = mul(byAll!, up);
        if (squared) rest = mul(p!, mul(rest, 2));
        if (factor !== undefined) rest = mul(rest, saved.at(-1) as Tensor4D);
        return throughActivation(settings, p!, add(mul(t!, mul(byTruth!, up)), rest));
      },
    };
  });
}

/** How much of the loss the cost of every class is, `[1 or batch, 1, 1, classes]`. */
function shareOfClasses(settings: LossSettings, present: Tensor4D, absent: 'zero' | 'skip' | 'count'): Tensor {
  const [groups, , , classes] = present.shape;
  const weights = weightsOfClasses(settings, classes);
  const list = tensor4d(weights, [1, 1, 1, classes]);
  const counts = absent === 'count' ? list : mul<Tensor>(list, greater(present, 0));
  if (settings.reduction !== 'mean') return counts;
  if (absent === 'skip') return div(counts, mul(maximum(sum(counts, 3, true), 1e-12), groups));
  return div(counts, groups * weights.reduce((a, b) => a + b));
}
