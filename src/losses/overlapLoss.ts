import {
  add,
  div,
  greater,
  log,
  maximum,
  mul,
  neg,
  type Scalar,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor1d,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { requireInteger, requireKnownOptions, requireNumber, show } from '../core/check.js';
import { sumOverPixels } from './elementwise.js';
import type { Loss, LossMode } from './loss.js';
import { prepareTarget, requireTargetOptions } from './prepareTarget.js';
import { withGradient } from './withGradient.js';

/** Options of the losses that measure overlap: {@link diceLoss} and {@link jaccardLoss}. */
export interface OverlapLossOptions {
  /** What the classes of a pixel are. */
  readonly mode: LossMode;
  /** Indices of the classes that count; all by default. Not allowed in mode `'binary'`. */
  readonly classes?: readonly number[];
  /** Take -ln(score) instead of 1 - score. @defaultValue false */
  readonly logLoss?: boolean;
  /** Added to both sides of the ratio. @defaultValue 0 */
  readonly smooth?: number;
  /** Lower bound of the denominator, and of the score inside the logarithm. @defaultValue 1e-7 */
  readonly eps?: number;
  /**
   * Target value of pixels that count nowhere, outside the classes. In one-hot targets a pixel of zeros is ignored
   * where this is given.
   */
  readonly ignoreIndex?: number;
}

/** Weights of false positives and false negatives in Tversky's score. */
interface TverskyWeights {
  readonly alpha: number;
  readonly beta: number;
  /** `smooth` and the bound of the denominator are those of the ratio with both sides doubled. */
  readonly doubled?: boolean;
}

/** Per-class vectors from which loss and gradient follow. */
interface Score {
  readonly score: Tensor1D;
  /** The derivative of the score by a probability is `atTruth` * truth + `elsewhere`. */
  readonly atTruth: Tensor1D;
  readonly elsewhere: Tensor1D;
}

/** (TP + s) / max(TP + alpha FP + beta FN + s, eps) with TP = sum of p t, FP = sum of p - TP, FN = sum of t - TP. */
function tverskyScore(
  probability: Tensor4D,
  truth: Tensor4D,
  present: Tensor1D,
  { alpha, beta, doubled = false, smooth, eps }: TverskyWeights & { readonly smooth: number; readonly eps: number },
): Score {
  const extra = doubled ? smooth / 2 : smooth;
  const bound = doubled ? eps / 2 : eps;
  const hit = sumOverPixels(mul(probability, truth));
  const total = add(mul(alpha, sumOverPixels(probability)), mul(beta, present));
  const rest = 1 - alpha - beta;
  const denominator = add(add(mul(rest, hit), total), extra);
  const bounded = maximum(denominator, bound);
  const score = div<Tensor1D>(add(hit, extra), bounded);
  // Where the bound holds the denominator is constant.
  const moves = greater(denominator, bound);
  const pull = where(moves, div(score, bounded), zerosLike(score)) as Tensor1D;
  return {
    score,
    atTruth: sub(div(1, bounded), mul(rest, pull)),
    elsewhere: mul(-alpha, pull),
  };
}

function selection(classes: readonly number[] | undefined, count: number): Tensor1D {
  const weights = new Float32Array(count);
  if (classes === undefined) return tensor1d(weights.fill(1 / count));
  for (const index of classes) {
    if (index >= count) throw new RangeError(`classes must be below the ${count} of the logits, got ${index}.`);
    weights[index]! += 1 / classes.length;
  }
  return tensor1d(weights);
}

function throughActivation(mode: LossMode, probability: Tensor4D, gradient: Tensor4D): Tensor4D {
  if (mode === 'multiclass') {
    const weighted = mul<Tensor4D>(probability, gradient);
    return sub(weighted, mul(probability, sum(weighted, 3, true)));
  }
  return mul(gradient, sub(probability, square(probability)));
}

/**
 * A loss from Tversky's score of every class, pooled over the batch and its pixels; classes without a target pixel
 * cost 0 and count in the mean, as in SMP. Dice and Jaccard are its cases alpha = beta = 0.5 and 1.
 */
export function overlapLoss(name: string, weights: TverskyWeights, options: OverlapLossOptions): Loss {
  requireKnownOptions(name, options, ['mode', 'classes', 'logLoss', 'smooth', 'eps', 'ignoreIndex']);
  const { mode, classes, logLoss = false, smooth = 0, eps = 1e-7, ignoreIndex } = options;
  requireTargetOptions({ mode, ignoreIndex });
  requireNumber('smooth', smooth, { min: 0 });
  requireNumber('eps', eps, { above: 0 });
  if (typeof logLoss !== 'boolean') throw new TypeError(`logLoss must be true or false, got ${show(logLoss)}.`);
  if (classes !== undefined) {
    if (mode === 'binary') throw new RangeError(`classes must not be given in mode 'binary'.`);
    if (classes.length === 0) throw new RangeError('classes must hold at least one class, got none.');
    for (const index of classes) requireInteger('classes', index, { min: 0 });
  }
  return (target: Tensor, logits: Tensor): Scalar =>
    tidy(() => {
      const { truth, valid } = prepareTarget(target, logits, { mode, ignoreIndex });
      const present = sumOverPixels(truth);
      const weight = mul<Tensor1D>(selection(classes, truth.shape[3]), greater(present, 0));
      return withGradient(logits as Tensor4D, (z) => {
        const probability = mode === 'multiclass' ? softmax(z) : sigmoid(z);
        const counted = valid === undefined ? probability : mul<Tensor4D>(probability, valid);
        const { score, atTruth, elsewhere } = tverskyScore(counted, truth, present, { ...weights, smooth, eps });
        const costs = logLoss ? neg(log(maximum(score, eps))) : sub(1, score);
        const value = sum<Scalar>(mul(costs, weight));
        const slope = logLoss
          ? mul(weight, where(greater(score, eps), div(-1, maximum(score, eps)), zerosLike(score)))
          : neg(weight);
        const byProbability = add<Tensor4D>(mul(truth, mul(slope, atTruth)), mul(slope, elsewhere));
        const gradient = valid === undefined ? byProbability : mul<Tensor4D>(byProbability, valid);
        return { value, gradient: throughActivation(mode, probability, gradient) };
      });
    });
}
