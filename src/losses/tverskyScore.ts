import { add, div, greater, maximum, mul, sub, type Tensor4D, where, zerosLike } from '@tensorflow/tfjs-core';

/** Weights of false positives and false negatives in Tversky's score, and what keeps it finite. */
export interface ScoreSettings {
  readonly alpha: number;
  readonly beta: number;
  /** `smooth` and the bound of the denominator are those of the ratio with both sides doubled. */
  readonly doubled?: boolean;
  readonly smooth: number;
  readonly eps: number;
}

/** Soft counts of every class. */
export interface SoftCounts {
  /** Sum of p t. */
  readonly hit: Tensor4D;
  /** Sum of p. */
  readonly predicted: Tensor4D;
  /** Sum of t. */
  readonly actual: Tensor4D;
}

/** The score of every class, and what its gradient follows from. */
export interface Score {
  readonly score: Tensor4D;
  /** The derivative of the score by a probability is `atTruth` * truth + `elsewhere`. */
  readonly atTruth: Tensor4D;
  readonly elsewhere: Tensor4D;
}

/**
 * (TP + s) / max(TP + alpha FP + beta FN + s, eps) with TP = sum of p t, FP = sum of p - TP, FN = sum of t - TP
 * (Tversky 1977, Salehi et al. 2017).
 */
export function tverskyScore(
  { hit, predicted, actual }: SoftCounts,
  { alpha, beta, doubled = false, smooth, eps }: ScoreSettings,
): Score {
  const extra = doubled ? smooth / 2 : smooth;
  const bound = doubled ? eps / 2 : eps;
  const rest = 1 - alpha - beta;
  const total = add(mul(alpha, predicted), mul(beta, actual));
  const denominator = add(rest === 0 ? total : add(mul(rest, hit), total), extra);
  const bounded = maximum(denominator, bound);
  const score = div<Tensor4D>(add(hit, extra), bounded);
  // Where the bound holds the denominator is constant.
  const pull = where(greater(denominator, bound), div(score, bounded), zerosLike(score)) as Tensor4D;
  return {
    score,
    atTruth: sub(div(1, bounded), mul(rest, pull)),
    elsewhere: mul(-alpha, pull),
  };
}
