import {
  add,
  avgPool,
  customGrad,
  engine,
  FusedDepthwiseConv2D,
  type GradSaveFunc,
  getBackend,
  mul,
  ones,
  relu,
  reshape,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { activate, type LayerActivation, slopeFromResult } from './activate.js';

/**
 * Returns the sum of every channel over batch and pixels. The wasm backend's `sum` transposes first; pooling each row
 * gives the same sums ten times faster, and float32 loses less over many pixels.
 */
export function channelSums(x: Tensor4D): Tensor1D {
  return tidy(() => {
    if (getBackend() !== 'wasm') return sum<Tensor1D>(x, [0, 1, 2]);
    const width = x.shape[2];
    return mul(sum<Tensor1D>(avgPool(x, [1, width], [1, width], 'valid'), [0, 1, 2]), width);
  });
}

/**
 * Returns x * scale + shift for every channel, then ReLU where asked for. Not differentiable: a part of layers with
 * gradients of their own. On wasm it is one depthwise 1 x 1 convolution, a quarter of the time of separate passes.
 */
export function scaleAndShift(
  x: Tensor4D,
  scale: Tensor1D | undefined,
  shift: Tensor1D | undefined,
  activation: 'linear' | 'relu' = 'linear',
): Tensor4D {
  return tidy(() => {
    const channels = x.shape[3];
    if (getBackend() === 'wasm') {
      const filter = reshape(scale ?? ones([channels]), [1, 1, channels, 1]);
      return engine().runKernel(
        FusedDepthwiseConv2D,
        { x, filter, ...(shift === undefined ? {} : { bias: shift }) },
        { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1], activation },
      ) as Tensor4D;
    }
    const scaled = scale === undefined ? x : mul<Tensor4D>(x, scale);
    const shifted = shift === undefined ? scaled : add<Tensor4D>(scaled, shift);
    return activation === 'relu' ? relu(shifted) : shifted;
  });
}

/** Returns x + bias for every channel and its activation, with a gradient that takes few passes over memory. */
export function addBias(x: Tensor4D, bias: Tensor1D, activation: LayerActivation): Tensor4D {
  if (activation !== 'linear' && activation !== 'relu' && activation !== 'leakyRelu') {
    return activate(addBias(x, bias, 'linear'), activation);
  }
  return customGrad<Tensor4D>((...args) => {
    const fused = activation === 'relu' ? 'relu' : 'linear';
    const sums = scaleAndShift(args[0] as Tensor4D, undefined, args[1] as Tensor1D, fused);
    const value = activation === 'leakyRelu' ? activate(sums, activation) : sums;
    (args[2] as GradSaveFunc)(activation === 'linear' ? [] : [value]);
    return {
      value,
      gradFunc: (upstream: Tensor4D, saved: Tensor[]) => {
        const own = activation === 'linear' ? upstream : slopeFromResult(upstream, saved[0] as Tensor4D, activation);
        return [own, channelSums(own)];
      },
    };
  })(x, bias);
}
