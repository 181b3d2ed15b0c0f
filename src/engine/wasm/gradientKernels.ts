import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { productSums, reluGradient } from '../registerGradients.js';
import { addressOf, floatsOf, type KernelFunctions, makeZeros } from './backend.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

/** Kernels that only the gradients of {@link registerGradients} use. */
export function gradientKernels(functions: KernelFunctions): WasmKernel[] {
  return [
    { name: productSums, run: (call) => runProductSums(functions, call) },
    { name: reluGradient, run: (call) => runReluGradient(functions, call) },
  ];
}

function runProductSums(functions: KernelFunctions, { inputs, backend }: KernelCall): TensorInfo {
  const { x, dy, mean } = inputs as Record<'x' | 'dy' | 'mean', TensorInfo>;
  const channels = util.sizeFromShape(mean.shape);
  const out = makeZeros(backend, [2, channels]);
  const addresses = [x, dy, mean, out].map((tensor) => addressOf(backend, tensor));
  functions.productSums!(...addresses, util.sizeFromShape(x.shape) / channels, channels);
  return out;
}

function runReluGradient(functions: KernelFunctions, { inputs, backend }: KernelCall): TensorInfo {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>;
  const out = backend.makeOutput(x.shape, 'float32');
  const size = util.sizeFromShape(x.shape);
  const steps = Math.floor(size / 16);
  if (steps > 0) functions.reluGradient!(addressOf(backend, x), addressOf(backend, dy), addressOf(backend, out), steps);
  const [values, gradients, results] = [floatsOf(backend, x), floatsOf(backend, dy), floatsOf(backend, out)];
  for (let i = 16 * steps; i < size; i++) results[i] = values[i]! > 0 ? gradients[i]! : 0;
  return out;
}
