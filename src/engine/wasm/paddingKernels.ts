import {
  AvgPool,
  backend_util,
  Conv2D,
  type Conv2DAttrs,
  DepthwiseConv2dNative,
  FusedConv2D,
  type FusedConv2DAttrs,
  FusedDepthwiseConv2D,
  MaxPool,
  type MaxPoolAttrs,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { EngineError } from '../../core/errors.js';
import type { KernelFunctions } from './backend.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';
import { fitsWinograd, winogradConvolution } from './winograd.js';

type Shape4D = [number, number, number, number];

/**
 * Convolutions and pooling whose padding the kernels of the wasm backend get wrong. For 'same' padding where a stride is
 * larger than the filter they give zeros. Where the window does not fit into the image, or a numeric padding meets a
 * window that is not square (TensorFlow.js then takes its height for its width), they write past the end of their
 * result and break the heap. With the same padding spelled out they are right; where that cannot be, an error says so.
 */
export function paddingKernels(functions: KernelFunctions): WasmKernel[] {
  const convolutions = [Conv2D, FusedConv2D, DepthwiseConv2dNative, FusedDepthwiseConv2D].map((name) => ({
    name,
    run: (call: KernelCall) => convolve(functions, call, name.includes('Depthwise')),
  }));
  const pools = [MaxPool, AvgPool].map((name) => ({ name, run: (call: KernelCall) => pool(name, call) }));
  return [...convolutions, ...pools];
}

function convolve(functions: KernelFunctions, call: KernelCall, depthwise: boolean): TensorInfo | TensorInfo[] {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = call.attrs as NamedAttrMap & Conv2DAttrs;
  const { x, filter } = call.inputs as Record<'x' | 'filter', TensorInfo>;
  if (dataFormat === 'NCHW') return call.stock();
  const sizes = backend_util.computeConv2DInfo(
    x.shape as Shape4D,
    filter.shape as Shape4D,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
  requireWindow('filter', sizes);
  const { activation = 'linear' } = call.attrs as NamedAttrMap & Partial<FusedConv2DAttrs>;
  // The rows of wider filters fall on the same places in the cache.
  const fits = sizes.outChannels <= 256 && fitsWinograd(sizes);
  if (!depthwise && (activation === 'linear' || activation === 'relu') && fits) {
    const { bias } = call.inputs as Partial<Record<'bias', TensorInfo>>;
    const low = activation === 'relu' ? 0 : Number.NEGATIVE_INFINITY;
    return winogradConvolution(functions, call.backend, { x, filter, bias }, low, sizes);
  }
  const wideStride = sizes.strideHeight > sizes.filterHeight || sizes.strideWidth > sizes.filterWidth;
  const oblong = sizes.effectiveFilterHeight !== sizes.effectiveFilterWidth;
  if (!(pad === 'same' && wideStride) && !(typeof pad === 'number' && oblong)) return call.stock();
  const { top, bottom, left } = sizes.padInfo;
  // What the width of the result asks for: TensorFlow.js computes it from the height of the filter.
  const right =
    typeof pad === 'number'
      ? (sizes.outWidth - 1) * sizes.strideWidth + sizes.effectiveFilterWidth - sizes.inWidth - left
      : sizes.padInfo.right;
  if (right < 0) {
    throw new EngineError(
      `The wasm backend needs a square filter with padding ${pad}, got ${sizes.filterHeight} x ${sizes.filterWidth}; ` +
        'give the padding of every side.',
    );
  }
  const none = [0, 0];
  return call.stock({ ...call.attrs, pad: [none, [top, bottom], [left, right], none] });
}

function pool(name: string, call: KernelCall): TensorInfo | TensorInfo[] {
  const { filterSize, strides, pad, dimRoundingMode } = call.attrs as NamedAttrMap & MaxPoolAttrs;
  const shape = call.inputs.x!.shape as Shape4D;
  const sizes = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  requireWindow('window', sizes);
  if (typeof pad === 'number' && sizes.filterHeight !== sizes.filterWidth) {
    throw new EngineError(
      `${name} on wasm needs a square window with padding ${pad}, got ${sizes.filterHeight} x ${sizes.filterWidth}; ` +
        'give the padding of every side.',
    );
  }
  return call.stock();
}

/** Throws where nothing would be left of the image. */
function requireWindow(what: string, sizes: backend_util.Conv2DInfo): void {
  const { inHeight, inWidth, outHeight, outWidth, effectiveFilterHeight, effectiveFilterWidth } = sizes;
  const empty = sizes.batchSize === 0 || inHeight === 0 || inWidth === 0;
  if (empty || (outHeight > 0 && outWidth > 0)) return;
  throw new EngineError(
    `The ${what} must fit into the padded image, got ${effectiveFilterHeight} x ${effectiveFilterWidth} ` +
      `for an image of ${inHeight} x ${inWidth}.`,
  );
}
