import {
  abs,
  add,
  div,
  greater,
  log,
  maximum,
  mul,
  neg,
  relu,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tensor4d,
} from '@tensorflow/tfjs-core';
import type { Evaluation } from './defineLoss.js';
import { entropySlope, safeLog } from './elementwise.js';
import { type Focus, focalWeight } from './focalWeight.js';
import { type LossInput, sumPixels, throughActivation } from './lossInput.js';
import { type LossSettings, weightsOfClasses } from './lossSettings.js';
import { reducePixels } from './pixelReduction.js';

/** What the sigmoid form adds to the focus. */
export interface OneVersusRest extends Focus {
  readonly alpha: number | undefined;
  readonly normalized: boolean;
  readonly smooth: number;
  readonly smp: 'main' | '0.3.3';
  /** The sigmoid of the softmax. */
  readonly twice: boolean;
}

/** The focal loss of each class against the rest. */
export function evaluateOneVersusRest(input: LossInput, settings: LossSettings, options: OneVersusRest): Evaluation {
  const { alpha, normalized, smooth, smp, twice } = options;
  const { mode, reduction, fromLogits } = settings;
  const { truth, valid, factor } = input.prepared(settings);
  const classes = truth.shape[3];
  const pooled = smp === '0.3.3' && mode === 'multilabel';
  const total = (x: Tensor4D): Tensor4D => (pooled ? sum<Tensor4D>(sumPixels(x), 3, true) : sumPixels(x));
  const counted = (x: Tensor4D): Tensor4D => (factor === undefined ? x : mul(x, factor));

  const softmaxed = twice ? input.probability(settings) : undefined;
  const z = softmaxed ?? input.scores;
  const p = twice ? sigmoid(z) : fromLogits ? input.probability({ mode: 'multilabel', fromLogits }) : z;
  if (!fromLogits) input.probability(settings);
  const t = smooth === 0 ? truth : add<Tensor4D>(mul(truth, 1 - 2 * smooth), smooth);
  const sign = sub<Tensor4D>(1, mul(2, t));
  const error = add<Tensor4D>(t, mul(sign, p));
  const entropy = fromLogits
    ? sub<Tensor4D>(sub(relu(z), mul(z, t)), log(sigmoid(abs(z))))
    : neg(add<Tensor4D>(mul(t, safeLog(p)), mul(sub(1, t), safeLog(sub(1, p)))));
  const [weight, slope] = focalWeight(error, options);
  const balance = alpha === undefined ? undefined : add<Tensor4D>(1 - alpha, mul(2 * alpha - 1, t));
  const balanced = counted(balance === undefined ? entropy : mul(entropy, balance));
  const cost = mul<Tensor4D>(weight, balanced);
  // The error moves with the logit by sign * p * (1 - p).
  const drift = mul<Tensor4D>(slope, fromLogits ? mul(sign, sub(p, square(p))) : sign);
  const direct = mul<Tensor4D>(weight, fromLogits ? sub(p, t) : entropySlope(p, t));
  const own = counted(balance === undefined ? direct : mul(direct, balance));
  const byScore = add<Tensor4D>(mul(drift, balanced), own);
  const inner = (gradient: Tensor4D, saved: Tensor4D | undefined): Tensor4D =>
    twice ? throughActivation({ mode: 'multiclass', fromLogits: true }, saved!, gradient) : gradient;

  const weights = weightsOfClasses(settings, classes);
  const list = weights.some((one) => one !== 1) ? tensor4d(weights, [1, 1, 1, classes]) : undefined;
  const byClass = (x: Tensor4D): Tensor4D => (list === undefined ? x : mul(x, list));
  if (reduction === 'none') {
    const reduced = reducePixels(byClass(cost), settings, () => 1);
    return {
      value: reduced.value,
      saved: [byClass(byScore), ...(twice ? [softmaxed!] : [])],
      gradient: (upstream, saved) =>
        inner(mul(saved[0]!, reduced.spread(upstream, [])), saved[1] as Tensor4D | undefined),
    };
  }

  // What one unit of the sum of each class contributes to the loss.
  const averaged = smp === '0.3.3' && mode !== 'binary' ? 1 : weights.reduce((a, b) => a + b);
  const [batch, height, width] = truth.shape;
  const pixels = batch * height * width * (pooled ? classes : 1);
  let scale: Tensor | number = 1 / averaged;
  if (reduction === 'mean') {
    scale = 1 / (pixels * averaged);
    if (valid !== undefined) scale = div(1 / averaged, maximum(countsOf(valid, total, pooled ? classes : 1), 1));
  }
  const share = list === undefined ? scale : mul<Tensor>(list, scale);
  const loss = total(cost);
  if (!normalized) {
    const own = typeof share === 'number' ? [] : [share];
    return {
      value: sum(mul(loss, share)),
      saved: [byScore, ...own, ...(twice ? [softmaxed!] : [])],
      gradient: (upstream, saved) => {
        const scaled = mul<Tensor>(upstream, own.length === 0 ? (share as number) : saved[1]!);
        return inner(mul(saved[0] as Tensor4D, scaled), saved.at(-1) as Tensor4D);
      },
    };
  }
  const norm = total(counted(weight));
  const bounded = maximum(norm, 1e-6);
  const factorOfSum = div<Tensor4D>(share, bounded);
  const pull = mul(div(loss, bounded), greater(norm, 1e-6));
  const whole = mul<Tensor4D>(sub(byScore, mul(counted(drift), pull)), factorOfSum);
  return {
    value: sum(mul(loss, factorOfSum)),
    saved: [whole, ...(twice ? [softmaxed!] : [])],
    gradient: (upstream, saved) => inner(mul(saved[0] as Tensor4D, upstream), saved[1] as Tensor4D | undefined),
  };
}

/** How many pixels count, for every class or pooled; `valid` may have one channel for all. */
function countsOf(valid: Tensor4D, total: (x: Tensor4D) => Tensor4D, pooledClasses: number): Tensor {
  const counts = total(valid);
  return valid.shape[3] === 1 && pooledClasses > 1 ? mul(counts, pooledClasses) : counts;
}
