import {
  add,
  customGrad,
  div,
  engine,
  type GradSaveFunc,
  leakyRelu,
  mul,
  neg,
  relu,
  relu6,
  sigmoid,
  square,
  step,
  sub,
  type Tensor,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { hasKernel } from './fusedKernels.js';

/** Names of the activations that the models know; `'leakyRelu'` has a slope of 0.01 below 0, as PyTorch's default. */
export type ActivationName = 'linear' | 'relu' | 'leakyRelu' | 'mish' | 'swish';

/** The activations of the layers: those of encoders too. */
export type LayerActivation = ActivationName | 'relu6' | 'sigmoid';

/** The slope of leaky ReLU below 0. */
export const LEAKY_SLOPE = 0.01;

/** Derivatives of (leaky) ReLU follow from their results, which the next layer keeps anyway. */
export function slopeFromResult(upstream: Tensor4D, result: Tensor4D, name: 'relu' | 'leakyRelu'): Tensor4D {
  if (name === 'relu' && hasKernel('SegkitReluGradient')) {
    return engine().runKernel<Tensor4D>('SegkitReluGradient', { x: result, dy: upstream });
  }
  return mul(upstream, step(result, name === 'relu' ? 0 : LEAKY_SLOPE));
}

/** Returns the activation of `x`, differentiable. */
export function activate(x: Tensor4D, name: LayerActivation): Tensor4D {
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
      return relu(x);
    case 'leakyRelu':
      // The stock gradient compares and selects, over ten times slower on wasm.
      return customGrad<Tensor4D>((...args) => {
        const value = leakyRelu(args[0] as Tensor4D, LEAKY_SLOPE);
        (args[1] as GradSaveFunc)([value]);
        return {
          value,
          gradFunc: (upstream: Tensor4D, saved: Tensor[]) => slopeFromResult(upstream, saved[0] as Tensor4D, name),
        };
      })(x);
    case 'relu6':
      return relu6(x);
    case 'sigmoid':
      return sigmoid(x);
    case 'swish':
      return tidy(() => mul(x, sigmoid(x)));
    case 'mish':
      // x tanh(ln(1 + e^x)) = x s (1 + q) / (1 + q^2) with s = sigmoid(x), q = sigmoid(-x).
      return tidy(() => {
        const q = sigmoid(neg(x));
        return mul(x, div(mul(sub(1, q), add(1, q)), add(1, square(q))));
      });
  }
}
