import { abs, div, log, maximum, mul, neg, relu, sigmoid, sub, type Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Returns ln(1 + exp(-x)), stable for every x. Written with the sigmoid of |x|, which lies in 0.5..1: the wasm
 * backend's softplus and exp are over ten times slower than its sigmoid.
 */
export function softplusOfNegative(x: Tensor4D): Tensor4D {
  return sub(relu(neg(x)), log(sigmoid(abs(x))));
}

/** The smallest probability whose logarithm is taken. */
export const SMALLEST_PROBABILITY = 1e-7;

/** ln(max(p, 1e-7)): of a probability that was given, not made from logits. */
export function safeLog(probability: Tensor4D): Tensor4D {
  return log(maximum(probability, SMALLEST_PROBABILITY));
}

/** The derivative of the binary cross entropy by a probability, (p - t) / (p (1 - p)), finite at 0 and 1. */
export function entropySlope(probability: Tensor4D, truth: Tensor4D): Tensor4D {
  const spread = maximum(sub(probability, mul(probability, probability)), SMALLEST_PROBABILITY);
  return div(sub(probability, truth), spread);
}
