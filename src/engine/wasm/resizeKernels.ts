import {
  type NamedAttrMap,
  ResizeBilinearGrad,
  ResizeNearestNeighborGrad,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { addressOf, type KernelFunctions, makeZeros, type WasmBackend } from './backend.js';
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
    { name: ResizeBilinearGrad, run: (call) => scatter(functions, call, bilinearTaps) },
  ];
}

/** For whole factors each pixel gets the sum over the block that it was spread over. */
function nearestGradient(functions: KernelFunctions, call: KernelCall): TensorInfo {
  const { images, dy } = call.inputs as Record<'images' | 'dy', TensorInfo>;
  const { alignCorners } = call.attrs as NamedAttrMap & ResizeAttributes;
  const [, height, width] = images.shape as Shape4D;
  const [, outHeight, outWidth] = dy.shape as Shape4D;
  const whole = outHeight % height === 0 && outWidth % width === 0;
  return whole && !alignCorners
    ? sumBlocks(functions, call.backend, images, dy)
    : scatter(functions, call, nearestTaps);
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

/** Gives each output pixel back to the pixels it was made of: first the rows, then the columns. */
function scatter(functions: KernelFunctions, { inputs, attrs, backend }: KernelCall, makeTaps: MakeTaps): TensorInfo {
  const { images, dy } = inputs as Record<'images' | 'dy', TensorInfo>;
  const options = attrs as NamedAttrMap & ResizeAttributes;
  const [batch, height, width, channels] = images.shape as Shape4D;
  const [, outHeight, outWidth] = dy.shape as Shape4D;
  const add = functions.addScaledRows!;
  const pixel = 4 * channels;
  const rows = makeZeros(backend, [batch, height, outWidth, channels]);
  const [from, between] = [addressOf(backend, dy), addressOf(backend, rows)];
  const down = makeTaps(height, outHeight, options);
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < outHeight; row++) {
      const source = from + (image * outHeight + row) * outWidth * pixel;
      forEachTap(down, row, (target, share) => {
        add(source, between + (image * height + target) * outWidth * pixel, outWidth, channels, pixel, pixel, share);
      });
    }
  }
  const dx = makeZeros(backend, images.shape);
  const to = addressOf(backend, dx);
  const along = makeTaps(width, outWidth, options);
  const [step, outStep] = [width * pixel, outWidth * pixel];
  // A few rows at a time, which stay in the cache.
  for (let row = 0; row < batch * height; row += 16) {
    const count = Math.min(16, batch * height - row);
    for (let column = 0; column < outWidth; column++) {
      const source = between + row * outStep + column * pixel;
      forEachTap(along, column, (target, share) => {
        add(source, to + row * step + target * pixel, count, channels, outStep, step, share);
      });
    }
  }
  backend.disposeData(rows.dataId);
  return dx;
}

function forEachTap({ first, second, share }: Taps, index: number, run: (target: number, share: number) => void): void {
  const part = share[index]!;
  run(first[index]!, 1 - part);
  if (part > 0) run(second[index]!, part);
}
