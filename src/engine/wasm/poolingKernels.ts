import {
  backend_util,
  MaxPoolGrad,
  type MaxPoolGradAttrs,
  type NamedAttrMap,
  ResizeNearestNeighborGrad,
  type ResizeNearestNeighborGradAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { addressOf, floatsOf, type KernelFunctions, makeZeros } from './backend.js';
import { geometryArguments, geometryOf } from './geometry.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

/** The gradients of pooling and of upsampling. */
export function poolingKernels(functions: KernelFunctions): WasmKernel[] {
  return [
    { name: MaxPoolGrad, run: (call) => maxPoolGradient(functions, call) },
    { name: ResizeNearestNeighborGrad, run: (call) => nearestGradient(functions, call) },
  ];
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

/** For whole factors each pixel gets the sum over the block that it was spread over. */
function nearestGradient(functions: KernelFunctions, call: KernelCall): TensorInfo | TensorInfo[] {
  const { backend, stock } = call;
  const { images, dy } = call.inputs as Record<'images' | 'dy', TensorInfo>;
  const { alignCorners } = call.attrs as NamedAttrMap & ResizeNearestNeighborGradAttrs;
  const [batch, height, width, channels] = images.shape as Shape4D;
  const [, outHeight, outWidth] = dy.shape as Shape4D;
  const whole = outHeight % height === 0 && outWidth % width === 0;
  if (alignCorners || !whole || dy.dtype !== 'float32') return stock();
  const dx = makeZeros(backend, images.shape);
  const [filterHeight, filterWidth] = [outHeight / height, outWidth / width];
  functions.sumTaps!(
    ...geometryArguments({
      x: addressOf(backend, dy),
      y: addressOf(backend, dx),
      batch,
      height: outHeight,
      width: outWidth,
      channels,
      outHeight: height,
      outWidth: width,
      outChannels: channels,
      filterHeight,
      filterWidth,
      strideHeight: filterHeight,
      strideWidth: filterWidth,
      top: 0,
      left: 0,
      dilationHeight: 1,
      dilationWidth: 1,
    }),
  );
  return dx;
}
