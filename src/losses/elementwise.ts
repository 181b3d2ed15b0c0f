import {
  abs,
  log,
  neg,
  relu,
  sigmoid,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

/**
 * Returns ln(1 + exp(-x)), stable for every x. Written with the sigmoid of |x|, which lies in 0.5..1: the wasm
 * backend's softplus and exp are over ten times slower than its sigmoid.
 */
export function softplusOfNegative(x: Tensor4D): Tensor4D {
  return sub(relu(neg(x)), log(sigmoid(abs(x))));
}

/** Sums over all axes but the last. Row by row first, so that float32 sums of many small terms stay exact enough. */
export function sumOverPixels(x: Tensor): Tensor1D {
  return sum<Tensor1D>(sum(x, 2), [0, 1]);
}
