import {
  backend_util,
  MaxPoolGrad,
  type MaxPoolGradAttrs,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { addressOf, floatsOf, type KernelFunctions, makeZeros } from './backend.js';
import { geometryArguments, geometryOf } from './geometry.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

/** The gradient of pooling. */
export function poolingKernels(functions: KernelFunctions): WasmKernel[] {
  return [{ name: MaxPoolGrad, run: (call) => maxPoolGradient(functions, call) }];
}

type Shape4D = [number, number, number, number];

/** The first maximum of each window, in reading order, gets the gradient, as on the other backends. */
function maxPoolGradient(functions: KernelFunctions, { inputs, attrs, backend }: KernelCall): TensorInfo {
  const { dy, input, output } = inputs as Record<'dy' | 'input' | 'output', TensorInfo>;
  const { filterSize, strides, pad, dimRoundingMode } = attrs as NamedAttrMap & MaxPoolGradAttrs;
  const sizes = backend_util.computePool2DInfo(input.shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
  const dx = makeZeros(backend, input.shape);
  const rest = backend.makeOutput(dy.shape, 'float32');
  floatsOf(backend, rest).set(floatsOf(backend, dy));
  const geometry = geometryOf(sizes, addressOf(backend, input), addressOf(backend, output));
  functions.maxPoolGradient!(...geometryArguments(geometry), addressOf(backend, dx), addressOf(backend, rest));
  backend.disposeData(rest.dataId);
  return dx;
}
