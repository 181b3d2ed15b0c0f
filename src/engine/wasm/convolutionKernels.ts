import {
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  Conv2DBackpropInput,
  type Conv2DBackpropInputAttrs,
  DepthwiseConv2dNativeBackpropFilter,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { EngineError } from '../../core/errors.js';
import { addressOf, callKernel, floatsOf, type KernelFunctions, makeZeros, type WasmBackend } from './backend.js';
import { type Geometry, geometryArguments, geometryOf } from './geometry.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';
import { fitsWinograd, winogradFilterGradient } from './winograd.js';

type Sizes = backend_util.Conv2DInfo;
type Shape4D = [number, number, number, number];

/** TensorFlow.js gives no gradients of dilated convolutions; ours come with the dilations (see `registerGradients`). */
interface Dilated {
  readonly dilations?: [number, number] | number;
}

/** The gradients of convolutions, which the wasm backend lacks or has slow. */
export function convolutionKernels(functions: KernelFunctions): WasmKernel[] {
  return [
    { name: Conv2DBackpropInput, run: (call) => inputGradient(functions, call) },
    { name: Conv2DBackpropFilter, run: (call) => filterGradient(functions, call) },
    { name: DepthwiseConv2dNativeBackpropInput, run: (call) => depthwiseInputGradient(functions, call) },
    { name: DepthwiseConv2dNativeBackpropFilter, run: (call) => depthwiseFilterGradient(functions, call) },
  ];
}

/** A convolution of one tap and stride 1 without padding sees no neighbours: rows may be joined to longer ones. */
function joinRows(sizes: Geometry<number>): Geometry<number> {
  const { filterHeight, filterWidth, strideHeight, strideWidth, height, width, outHeight, outWidth } = sizes;
  const pointwise = filterHeight * filterWidth * strideHeight * strideWidth === 1;
  if (!pointwise || height !== outHeight || width !== outWidth) return sizes;
  let rows = sizes.batch * height;
  let columns = width;
  while (columns < 128 && rows % 2 === 0) {
    rows /= 2;
    columns *= 2;
  }
  return { ...sizes, batch: 1, height: rows, width: columns, outHeight: rows, outWidth: columns };
}

function filterGradient(functions: KernelFunctions, { inputs, attrs, backend }: KernelCall): TensorInfo {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>;
  const options = attrs as NamedAttrMap & Conv2DBackpropFilterAttrs & Dilated;
  const { strides, pad, dataFormat, dimRoundingMode, filterShape, dilations = 1 } = options;
  if (dataFormat === 'NCHW') throw new EngineError(`Conv2DBackpropFilter on wasm needs NHWC tensors, got NCHW.`);
  const sizes = backend_util.computeConv2DInfo(
    x.shape as Shape4D,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  if (fitsWinograd(sizes)) return winogradFilterGradient(functions, backend, { x, dy }, sizes);
  const filter = makeZeros(backend, filterShape);
  const geometry = joinRows(geometryOf(sizes, addressOf(backend, x), addressOf(backend, dy)));
  functions.filterGradient!(...geometryArguments(geometry), addressOf(backend, filter));
  return filter;
}

function inputGradient(functions: KernelFunctions, call: KernelCall): TensorInfo | TensorInfo[] {
  const { inputs, attrs, backend, stock } = call;
  const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>;
  const options = attrs as NamedAttrMap & Conv2DBackpropInputAttrs & Dilated;
  const { strides, pad, dataFormat, dimRoundingMode, inputShape, dilations = 1 } = options;
  if (dataFormat === 'NCHW') return stock();
  const filterShape = filter.shape as Shape4D;
  const sizes = backend_util.computeConv2DInfo(inputShape, filterShape, strides, dilations, pad, dimRoundingMode);
  const [reachHeight, reachWidth] = [sizes.effectiveFilterHeight - 1, sizes.effectiveFilterWidth - 1];
  const [top, left] = [reachHeight - sizes.padInfo.top, reachWidth - sizes.padInfo.left];
  const bottom = sizes.inHeight - sizes.outHeight + reachHeight - top;
  const right = sizes.inWidth - sizes.outWidth + reachWidth - left;
  const plain = sizes.strideHeight === 1 && sizes.strideWidth === 1 && Math.min(top, left, bottom, right) >= 0;
  return plain
    ? convolveFlipped(backend, dy, filter, sizes, [top, bottom, left, right])
    : convolveColumns(functions, backend, dy, filter, sizes);
}

function convolve(
  backend: WasmBackend,
  x: TensorInfo,
  filter: TensorInfo,
  pad: number[][],
  dilations: [number, number] = [1, 1],
): TensorInfo {
  const attrs = { strides: [1, 1], dilations, pad, dataFormat: 'NHWC' };
  return callKernel(backend, Conv2D, { x, filter }, attrs);
}

/** With stride 1 the gradient is a convolution of `dy` with the filter turned by 180 degrees. */
function convolveFlipped(
  backend: WasmBackend,
  dy: TensorInfo,
  filter: TensorInfo,
  { dilationHeight, dilationWidth }: Sizes,
  [top, bottom, left, right]: [number, number, number, number],
): TensorInfo {
  const [height, width, inner, outer] = filter.shape as Shape4D;
  const taps = height * width;
  const flipped = backend.makeOutput([height, width, outer, inner], 'float32');
  const from = floatsOf(backend, filter);
  const to = floatsOf(backend, flipped);
  let at = 0;
  for (let tap = taps - 1; tap >= 0; tap--) {
    for (let j = 0; j < outer; j++) {
      for (let i = 0; i < inner; i++) to[at++] = from[(tap * inner + i) * outer + j]!;
    }
  }
  const pad = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const dx = convolve(backend, dy, flipped, pad, [dilationHeight, dilationWidth]);
  backend.disposeData(flipped.dataId);
  return dx;
}

/** In general: one product gives what each pixel of `dy` sends to each tap, which is then added where it belongs. */
function convolveColumns(
  functions: KernelFunctions,
  backend: WasmBackend,
  dy: TensorInfo,
  filter: TensorInfo,
  sizes: Sizes,
): TensorInfo {
  const outer = sizes.outChannels;
  const columns = sizes.filterHeight * sizes.filterWidth * sizes.inChannels;
  const turned = backend.makeOutput([1, 1, outer, columns], 'float32');
  const from = floatsOf(backend, filter);
  const to = floatsOf(backend, turned);
  for (let column = 0; column < columns; column++) {
    for (let j = 0; j < outer; j++) to[j * columns + column] = from[column * outer + j]!;
  }
  const none = [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ];
  const spread = convolve(backend, dy, turned, none);
  backend.disposeData(turned.dataId);
  // Taps that never meet need not be added, and where they leave no gap nothing need be zero before.
  const apart = sizes.effectiveFilterHeight <= sizes.strideHeight && sizes.effectiveFilterWidth <= sizes.strideWidth;
  const whole =
    sizes.outHeight * sizes.filterHeight === sizes.inHeight && sizes.outWidth * sizes.filterWidth === sizes.inWidth;
  const full = apart && whole && sizes.padInfo.top === 0 && sizes.padInfo.left === 0;
  const dx = full ? backend.makeOutput(sizes.inShape, 'float32') : makeZeros(backend, sizes.inShape);
  const geometry = geometryOf(sizes, addressOf(backend, dx), addressOf(backend, spread));
  functions[apart ? 'placeColumns' : 'scatterColumns']!(...geometryArguments({ ...geometry, outChannels: columns }));
  backend.disposeData(spread.dataId);
  return dx;
}

function depthwiseFilterGradient(functions: KernelFunctions, { inputs, attrs, backend }: KernelCall): TensorInfo {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>;
  const options = attrs as NamedAttrMap & DepthwiseConv2dNativeBackpropFilterAttrs;
  const { strides, dilations, pad, dimRoundingMode, filterShape } = options;
  const shape = x.shape as Shape4D;
  const sizes = backend_util.computeConv2DInfo(shape, filterShape, strides, dilations, pad, dimRoundingMode, true);
  const filter = makeZeros(backend, filterShape);
  const geometry = geometryOf(sizes, addressOf(backend, x), addressOf(backend, dy));
  functions.depthwiseFilterGradient!(...geometryArguments(geometry), addressOf(backend, filter));
  return filter;
}

function depthwiseInputGradient(functions: KernelFunctions, { inputs, attrs, backend }: KernelCall): TensorInfo {
  const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>;
  const options = attrs as NamedAttrMap & DepthwiseConv2dNativeBackpropInputAttrs;
  const { strides, dilations, pad, dimRoundingMode, inputShape } = options;
  const shape = filter.shape as Shape4D;
  const sizes = backend_util.computeConv2DInfo(inputShape, shape, strides, dilations, pad, dimRoundingMode, true);
  const dx = makeZeros(backend, inputShape);
  const geometry = geometryOf(sizes, addressOf(backend, dx), addressOf(backend, dy));
  functions.depthwiseInputGradient!(...geometryArguments(geometry), addressOf(backend, filter));
  return dx;
}
