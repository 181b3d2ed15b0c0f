import {
  backend_util,
  Conv2D,
  type Conv2DAttrs,
  DepthwiseConv2dNative,
  FusedConv2D,
  FusedDepthwiseConv2D,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { KernelCall, WasmKernel } from './registerKernels.js';

/**
 * The convolutions of the wasm backend give zeros for 'same' padding where a stride is larger than the filter; with the
 * same padding spelled out they are right.
 */
export function paddingKernels(): WasmKernel[] {
  return [Conv2D, FusedConv2D, DepthwiseConv2dNative, FusedDepthwiseConv2D].map((name) => ({
    name,
    run: (call) => withExplicitPadding(call, name.includes('Depthwise')),
  }));
}

function withExplicitPadding(call: KernelCall, depthwise: boolean): TensorInfo | TensorInfo[] {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = call.attrs as NamedAttrMap & Conv2DAttrs;
  const { x, filter } = call.inputs as Record<'x' | 'filter', TensorInfo>;
  const [strideHeight, strideWidth] = typeof strides === 'number' ? [strides, strides] : strides;
  const [filterHeight, filterWidth] = filter.shape as [number, number, number, number];
  if (pad !== 'same' || dataFormat === 'NCHW' || (strideHeight <= filterHeight && strideWidth <= filterWidth)) {
    return call.stock();
  }
  const { padInfo } = backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
  const { top, bottom, left, right } = padInfo;
  const none = [0, 0];
  return call.stock({ ...call.attrs, pad: [none, [top, bottom], [left, right], none] });
}
