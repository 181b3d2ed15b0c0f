import { mul, sub, type Tensor4D, tensor1d } from '@tensorflow/tfjs-core';
import { defineLoss, type Evaluation } from './defineLoss.js';
import type { LossOf, LossOptions } from './loss.js';
import { type LossInput, throughActivation } from './lossInput.js';
import { type LossSettings, weightsOfClasses } from './lossSettings.js';
import { countPixels, reducePixels } from './pixelReduction.js';

/** What a difference between prediction and target costs, and its derivative. */
type Penalty = (difference: Tensor4D) => readonly [cost: Tensor4D, slope: Tensor4D];

/**
 * A loss from the difference of prediction and target at every pixel and class, in the mean over both; weighted where
 * classes are. `of` says whether the prediction is the probability or the score itself.
 */
export function meanErrorLoss<O extends LossOptions>(
  settings: LossSettings,
  of: 'probability' | 'score',
  penalty: Penalty,
): LossOf<O> {
  return defineLoss<O>(settings, (input: LossInput): Evaluation => {
    const { truth, valid, factor } = input.prepared(settings);
    const classes = truth.shape[3];
    const weights = weightsOfClasses(settings, classes);
    const total = weights.reduce((a, b) => a + b);
    const list = weights.some((weight) => weight !== 1) ? tensor1d(weights) : undefined;
    const weighed = (x: Tensor4D): Tensor4D => {
      const counted = factor === undefined ? x : mul<Tensor4D>(x, factor);
      return list === undefined ? counted : mul(counted, list);
    };
    const prediction = of === 'probability' ? input.probability(settings) : input.scores;
    const [cost, slope] = penalty(sub(prediction, truth));
    const reduced = reducePixels(weighed(cost), settings, () =>
      valid === undefined ? (truth.size / classes) * total : countPixels(valid, weights),
    );
    return {
      value: reduced.value,
      saved: [weighed(slope), prediction, ...reduced.saved],
      gradient: (upstream, saved) => {
        const gradient = mul<Tensor4D>(saved[0] as Tensor4D, reduced.spread(upstream, saved.slice(2)));
        return of === 'probability' ? throughActivation(settings, saved[1] as Tensor4D, gradient) : gradient;
      },
    };
  });
}
