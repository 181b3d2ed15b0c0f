import {
  type NamedAttrMap,
  ResizeBilinearGrad,
  ResizeNearestNeighborGrad,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { addressOf, floatsOf, type KernelFunctions, makeZeros, type WasmBackend } from './backend.js';
import { geometryArguments } from './geometry.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

type Shape4D = [number, number, number, number];

/** Both resizing gradients know their options by the forward pass, `halfPixelCenters` too, which TensorFlow.js forgets. */
interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** The gradients of resizing, which on the wasm backend are slow, and wrong with half pixel centers. */
export function resizeKernels(functions: KernelFunctions): WasmKernel[] {
  return [
    { name: ResizeNearestNeighborGrad, run: (call) => nearestGradient(functions, call) },
    { name: ResizeBilinearGrad, run: (call) => scatter(call, bilinearTaps) },
  ];
}

/** For whole factors each pixel gets the sum over the block that it was spread over. */
function nearestGradient(functions: KernelFunctions, call: KernelCall): TensorInfo {
  const { images, dy } = call.inputs as Record<'images' | 'dy', TensorInfo>;
  const { alignCorners } = call.attrs as NamedAttrMap & ResizeAttributes;
  const [, height, width] = images.shape as Shape4D;
  const [, outHeight, outWidth] = dy.shape as Shape4D;
  const whole = outHeight % height === 0 && outWidth % width === 0;
  return whole && !alignCorners ? sumBlocks(functions, call.backend, images, dy) : scatter(call, nearestTaps);
}

function sumBlocks(functions: KernelFunctions, backend: WasmBackend, images: TensorInfo, dy: TensorInfo): TensorInfo {
  const dx = makeZeros(backend, images.shape);
  const [batch, outHeight, outWidth, channels] = images.shape as Shape4D;
  const [, height, width] = dy.shape as Shape4D;
  const [filterHeight, filterWidth] = [height / outHeight, width / outWidth];
  functions.sumTaps!(
    ...geometryArguments({
      x: addressOf(backend, dy),
      y: addressOf(backend, dx),
      ...{ batch, height, width, channels, outHeight, outWidth, outChannels: channels },
      ...{ filterHeight, filterWidth, strideHeight: filterHeight, strideWidth: filterWidth },
      ...{ top: 0, left: 0, dilationHeight: 1, dilationWidth: 1 },
    }),
  );
  return dx;
}

/** Along one axis: the two pixels that each output pixel is made of, and the share of the second. */
interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float32Array;
}

type MakeTaps = (size: number, outSize: number, options: ResizeAttributes) => Taps;

function scaleOf(size: number, outSize: number, alignCorners: boolean): number {
  return alignCorners && outSize > 1 ? (size - 1) / (outSize - 1) : size / outSize;
}

function bilinearTaps(size: number, outSize: number, { alignCorners, halfPixelCenters }: ResizeAttributes): Taps {
  const taps = { first: new Int32Array(outSize), second: new Int32Array(outSize), share: new Float32Array(outSize) };
  const scale = scaleOf(size, outSize, alignCorners);
  for (let i = 0; i < outSize; i++) {
    const at = halfPixelCenters ? Math.max(0, (i + 0.5) * scale - 0.5) : i * scale;
    taps.first[i] = Math.min(size - 1, Math.floor(at));
    taps.second[i] = Math.min(size - 1, Math.ceil(at));
    taps.share[i] = at - Math.floor(at);
  }
  return taps;
}

function nearestTaps(size: number, outSize: number, { alignCorners, halfPixelCenters }: ResizeAttributes): Taps {
  const first = new Int32Array(outSize);
  const scale = scaleOf(size, outSize, alignCorners);
  for (let i = 0; i < outSize; i++) {
    const at = (halfPixelCenters ? i + 0.5 : i) * scale;
    first[i] = Math.min(size - 1, alignCorners ? Math.round(at) : Math.floor(at));
  }
  return { first, second: first, share: new Float32Array(outSize) };
}

/** Gives each output pixel back to the pixels it was made of. */
function scatter({ inputs, attrs, backend }: KernelCall, makeTaps: MakeTaps): TensorInfo {
  const { images, dy } = inputs as Record<'images' | 'dy', TensorInfo>;
  const options = attrs as NamedAttrMap & ResizeAttributes;
  const [batch, height, width, channels] = images.shape as Shape4D;
  const [, outHeight, outWidth] = dy.shape as Shape4D;
  const rows = makeTaps(height, outHeight, options);
  const columns = makeTaps(width, outWidth, options);
  const dx = makeZeros(backend, images.shape);
  const [from, to] = [floatsOf(backend, dy), floatsOf(backend, dx)];
  let at = 0;
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < outHeight; row++) {
      const top = (image * height + rows.first[row]!) * width;
      const bottom = (image * height + rows.second[row]!) * width;
      const down = rows.share[row]!;
      for (let column = 0; column < outWidth; column++) {
        const [left, right, along] = [columns.first[column]!, columns.second[column]!, columns.share[column]!];
        const [topLeft, topRight] = [(top + left) * channels, (top + right) * channels];
        const [bottomLeft, bottomRight] = [(bottom + left) * channels, (bottom + right) * channels];
        for (let channel = 0; channel < channels; channel++) {
          const value = from[at++]!;
          const below = value * down;
          const above = value - below;
          to[topLeft + channel]! += above * (1 - along);
          to[topRight + channel]! += above * along;
          to[bottomLeft + channel]! += below * (1 - along);
          to[bottomRight + channel]! += below * along;
        }
      }
    }
  }
  return dx;
}
