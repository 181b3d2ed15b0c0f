import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs-core';

/** Where the taps of a convolution or a window go; pairs are (rows, columns). */
export interface Geometry {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Zeros before and after. */
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
  readonly inputSides: readonly [number, number];
  readonly outputSides: readonly [number, number];
}

type Info = ReturnType<typeof backend_util.computeConv2DInfo> | ReturnType<typeof backend_util.computePool2DInfo>;

function geometryOf(info: Info): Geometry {
  return {
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.top, info.padInfo.left],
    after: [info.padInfo.bottom, info.padInfo.right],
    inputSides: [info.inHeight, info.inWidth],
    outputSides: [info.outHeight, info.outWidth],
  };
}

/** A convolution of a kernel call: the padding in numbers, and the shape of the result. */
export function convolutionGeometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
  depthwise = false,
): Geometry & { readonly outputShape: readonly number[] } {
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides as [number, number],
    (attrs.dilations ?? 1) as number,
    attrs.pad as number,
    attrs.dimRoundingMode as 'floor',
    depthwise,
    'channelsLast',
  );
  return { ...geometryOf(info), outputShape: info.outShape };
}

/** A pooling of a kernel call. */
export function poolGeometry(
  inputShape: readonly number[],
  attrs: NamedAttrMap,
): Geometry & { readonly outputShape: readonly number[] } {
  const info = backend_util.computePool2DInfo(
    inputShape as [number, number, number, number],
    attrs.filterSize as [number, number],
    attrs.strides as [number, number],
    (attrs.dilations ?? 1) as number,
    attrs.pad as number,
    attrs.dimRoundingMode as 'floor',
  );
  return { ...geometryOf(info), outputShape: info.outShape };
}

/** The attributes of an ONNX convolution or pooling. */
export function windowAttributes({ kernel, strides, dilations, before, after }: Geometry) {
  return { kernel_shape: kernel, strides, dilations, pads: [...before, ...after] };
}

/** Whether a convolution is a product of matrices: one tap, no padding, every pixel. */
export function isPointwise({ kernel, strides, before, after }: Geometry): boolean {
  return [...kernel, ...strides].every((n) => n === 1) && [...before, ...after].every((n) => n === 0);
}
