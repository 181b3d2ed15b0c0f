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
import type { Evaluation } from './defineLoss.js';
import { SMALLEST_PROBABILITY, safeLog } from './elementwise.js';
import { type Focus, focalWeight } from './focalWeight.js';
import type { LossInput } from './lossInput.js';
import { type LossSettings, weightsOfClasses } from './lossSettings.js';
import { reducePixels, sumMap } from './pixelReduction.js';

/** -t (1 - p)^gamma ln p of the softmax, and its mean over pixels and classes. */
export function evaluateSoftmaxFocal(
  input: LossInput,
  settings: LossSettings,
  { smooth, ...focus }: Focus & { readonly smooth: number },
): Evaluation {
  const { truth, valid, factor, weightedTruth } = input.prepared(settings);
  const classes = truth.shape[3];
  const weights = weightsOfClasses(settings, classes);
  const total = weights.reduce((a, b) => a + b);
  let share = weightedTruth;
  if (smooth > 0) share = add(mul(share, 1 - smooth), mul(factor ?? 1, smooth / classes));
  if (weights.some((weight) => weight !== 1)) share = mul(share, tensor1d(weights));
  const probability = input.probability(settings);
  const { scores } = input;
  const logarithm = settings.fromLogits
    ? add<Tensor4D>(sub(scores, max(scores, 3, true)), log(max(probability, 3, true)))
    : safeLog(probability);
  const [weight, slope] = focalWeight(sub(1, probability), focus);
  const cost = neg(mul<Tensor4D>(share, mul(weight, logarithm)));
  const reduced = reducePixels(cost, settings, () =>
    valid === undefined ? (truth.size / classes) * total : mul<Tensor>(sumMap(valid), total),
  );
  // The derivative by ln p of every class.
  const byLogarithm = mul<Tensor4D>(share, sub(mul(slope, mul(probability, logarithm)), weight));
  return {
    value: reduced.value,
    saved: [probability, byLogarithm, ...reduced.saved],
    gradient: (upstream, saved) => {
      const [p, by] = saved as Tensor4D[];
      const from = mul<Tensor4D>(by!, reduced.spread(upstream, saved.slice(2)));
      if (!settings.fromLogits) return div(from, maximum(p!, SMALLEST_PROBABILITY));
      return sub(from, mul(p!, sum(from, 3, true)));
    },
  };
}
