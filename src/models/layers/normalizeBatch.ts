import {
  add,
  customGrad,
  div,
  engine,
  type GradSaveFunc,
  mul,
  neg,
  rsqrt,
  square,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  unstack,
} from '@tensorflow/tfjs-core';
import { slopeFromResult } from './activate.js';
import { channelSums, scaleAndShift } from './channelwise.js';
import { hasKernel } from './fusedKernels.js';

/** What follows the normalisation in the same pass. */
export type NormActivation = 'linear' | 'relu';

/** Options of {@link normalizeBatch}. */
export interface NormalizeBatchOptions {
  readonly epsilon: number;
  readonly activation: NormActivation;
  /** Called with the mean and the biased variance of every channel, which are disposed afterwards. */
  readonly onStatistics: (mean: Tensor1D, variance: Tensor1D) => void;
}

/**
 * Returns the batch normalised by its own mean and biased variance, times gamma plus beta. The gradient is the closed
 * form of Ioffe and Szegedy 2015: two sums over the pixels forward and two backward, where recording every operation
 * would take about thirty passes over memory.
 */
export function normalizeBatch(x: Tensor4D, gamma: Tensor1D, beta: Tensor1D, options: NormalizeBatchOptions): Tensor4D {
  if (hasKernel('SegkitNormalizeGradient')) return normalizeFused(x, gamma, beta, options);
  const { epsilon, activation, onStatistics } = options;
  return customGrad<Tensor4D>((...args) => {
    const [input, scale, shift] = args as [Tensor4D, Tensor1D, Tensor1D];
    const save = args[3] as GradSaveFunc;
    const count = input.size / input.shape[3];
    const mean = div<Tensor1D>(channelSums(input), count);
    const centred = scaleAndShift(input, undefined, neg(mean));
    const variance = div<Tensor1D>(channelSums(square(centred)), count);
    onStatistics(mean, variance);
    const inverse = rsqrt<Tensor1D>(add(variance, epsilon));
    const value = scaleAndShift(centred, mul(scale, inverse), shift, activation);
    save(activation === 'relu' ? [centred, inverse, scale, value] : [centred, inverse, scale]);
    const gradFunc = (upstream: Tensor4D, saved: Tensor[]): Tensor[] => {
      const [deviation, inverseSd, factor, result] = saved as [Tensor4D, Tensor1D, Tensor1D, Tensor4D?];
      const own = result === undefined ? upstream : slopeFromResult(upstream, result, 'relu');
      const total = channelSums(own);
      const product = channelSums(mul(own, deviation));
      const gain = mul<Tensor1D>(factor, inverseSd);
      const byMean = scaleAndShift(own, gain, div(mul(gain, total), -count));
      const bySpread = scaleAndShift(deviation, div(mul(mul(gain, square(inverseSd)), product), -count), undefined);
      return [add(byMean, bySpread), mul(product, inverseSd), total];
    };
    return { value, gradFunc };
  })(x, gamma, beta);
}

/** The same with kernels that read x twice forward and twice backward and write once each. */
function normalizeFused(x: Tensor4D, gamma: Tensor1D, beta: Tensor1D, options: NormalizeBatchOptions): Tensor4D {
  const { epsilon, activation, onStatistics } = options;
  const attrs = { relu: activation === 'relu' };
  return customGrad<Tensor4D>((...args) => {
    const [input, factor, shift] = args as [Tensor4D, Tensor1D, Tensor1D];
    const [mean, variance] = engine().runKernel<[Tensor1D, Tensor1D]>('SegkitMoments', { x: input });
    onStatistics(mean, variance);
    const inverse = rsqrt<Tensor1D>(add(variance, epsilon));
    const scale = mul<Tensor1D>(factor, inverse);
    const value = engine().runKernel<Tensor4D>('SegkitNormalize', { x: input, mean, scale, shift }, attrs);
    (args[3] as GradSaveFunc)([input, mean, scale, shift, inverse]);
    const gradFunc = (dy: Tensor4D, saved: Tensor[]): Tensor[] => {
      const [kept, center, gain, offset, inverseSd] = saved as [Tensor4D, Tensor1D, Tensor1D, Tensor1D, Tensor1D];
      const inputs = { x: kept, dy, mean: center, scale: gain, shift: offset, inverse: inverseSd };
      const [dx, sums] = engine().runKernel<[Tensor4D, Tensor1D]>('SegkitNormalizeGradient', inputs, attrs);
      const [total, product] = unstack(sums) as [Tensor1D, Tensor1D];
      return [dx, mul(product, inverseSd), total];
    };
    return { value, gradFunc };
  })(x, gamma, beta);
}

/** Returns x * scale + shift for every channel and its activation, differentiable in all three. */
export function affine(x: Tensor4D, scale: Tensor1D, shift: Tensor1D, activation: NormActivation): Tensor4D {
  return customGrad<Tensor4D>((...args) => {
    const [input, factor, offset] = args as [Tensor4D, Tensor1D, Tensor1D];
    const value = scaleAndShift(input, factor, offset, activation);
    (args[3] as GradSaveFunc)(activation === 'relu' ? [input, factor, value] : [input, factor]);
    const gradFunc = (upstream: Tensor4D, saved: Tensor[]): Tensor[] => {
      const [kept, gain, result] = saved as [Tensor4D, Tensor1D, Tensor4D?];
      const own = result === undefined ? upstream : slopeFromResult(upstream, result, 'relu');
      return [scaleAndShift(own, gain, undefined), channelSums(mul(own, kept)), channelSums(own)];
    };
    return { value, gradFunc };
  })(x, scale, shift);
}
