import { type backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, floatsOf, type KernelFunctions, makeZeros, type WasmBackend } from './backend.js';

type Sizes = backend_util.Conv2DInfo;

/** Whether a convolution is one that {@link winogradConvolution} and {@link winogradFilterGradient} compute. */
export function fitsWinograd(sizes: Sizes): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = sizes;
  const { batchSize, inChannels, outChannels, outHeight, outWidth } = sizes;
  return (
    filterHeight === 3 &&
    filterWidth === 3 &&
    strideHeight * strideWidth * dilationHeight * dilationWidth === 1 &&
    inChannels % 4 === 0 &&
    outChannels % 4 === 0 &&
    // Whole tiles, and enough of them to pay for the transform of the filter.
    outHeight % 2 === 0 &&
    outWidth % 2 === 0 &&
    batchSize * outHeight * outWidth >= 256 &&
    Math.min(padInfo.top, padInfo.bottom, padInfo.left, padInfo.right) >= 0
  );
}

/** Memory for a strip of tiles that stays in the cache. */
interface Strip {
  /** Four rows of the image with the padding around them. */
  readonly lines: TensorInfo;
  /** 16 planes `[tiles, channels]`, of the image and of the convolved. */
  readonly inner: TensorInfo;
  readonly outer: TensorInfo;
  /** Tiles of one row, rows of tiles in all and in a strip. */
  readonly across: number;
  readonly rows: number;
  readonly most: number;
}

function makeStrip(backend: WasmBackend, sizes: Sizes): Strip {
  const { batchSize, inChannels, outChannels, outHeight, outWidth } = sizes;
  const across = outWidth / 2;
  const rows = (batchSize * outHeight) / 2;
  // Large filters are read again for each strip, so that they ask for longer ones.
  const wanted = Math.max(32, Math.min(128, Math.sqrt(inChannels * outChannels)));
  const most = Math.min(rows, Math.ceil(wanted / across));
  const inner = backend.makeOutput([16, planeOf(most * across, inChannels)], 'float32');
  const outer = backend.makeOutput([16, planeOf(most * across, outChannels)], 'float32');
  const lines = makeZeros(backend, [4, outWidth + 2, inChannels]);
  return { lines, inner, outer, across, rows, most };
}

/** Floats from one plane to the next: a cache line more than there are, since equal places in all planes meet often. */
function planeOf(tiles: number, channels: number): number {
  return tiles * channels + 16;
}

function disposeAll(backend: WasmBackend, tensors: readonly TensorInfo[]): void {
  for (const { dataId } of tensors) backend.disposeData(dataId);
}

/** Copies the rows of the image that a row of tiles sees between the padding. */
function fillLines(backend: WasmBackend, x: number, lines: number, row: number, sizes: Sizes): void {
  const { inChannels, inHeight, inWidth, outHeight, outWidth, padInfo } = sizes;
  const bytes = backend.wasm.HEAPU8;
  const image = Math.floor((2 * row) / outHeight);
  const first = 2 * row - image * outHeight - padInfo.top;
  const length = 4 * inWidth * inChannels;
  for (let i = 0; i < 4; i++) {
    const to = lines + 4 * inChannels * (i * (outWidth + 2) + padInfo.left);
    const from = x + (image * inHeight + first + i) * length;
    if (first + i < 0 || first + i >= inHeight) bytes.fill(0, to, to + length);
    else bytes.copyWithin(to, from, from + length);
  }
}

/** Transforms the tiles of one row of the image into the planes of a strip. */
function transformRow(
  functions: KernelFunctions,
  backend: WasmBackend,
  x: number,
  strip: Strip,
  { row, at }: { readonly row: number; readonly at: number },
  sizes: Sizes,
): void {
  const lines = addressOf(backend, strip.lines);
  fillLines(backend, x, lines, row, sizes);
  const pixel = 4 * sizes.inChannels;
  const plane = 4 * planeOf(strip.most * strip.across, sizes.inChannels);
  functions.transformInput!(
    ...[lines, addressOf(backend, strip.inner) + at * strip.across * pixel, strip.across, sizes.inChannels],
    ...[2 * pixel, (sizes.outWidth + 2) * pixel, pixel, pixel, 4 * plane, plane, 0, 0],
  );
}

/** Walks over the image in strips: `each` for every row of tiles, then `finish` for the strip. */
function forEachStrip(
  { rows, most }: Strip,
  each: (place: { readonly row: number; readonly at: number }) => void,
  finish: (first: number, count: number) => void,
): void {
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    for (let at = 0; at < count; at++) each({ row: first + at, at });
    finish(first, count);
  }
}

/** Returns the convolution, with one number a channel added and values below `low` raised to it. */
export function winogradConvolution(
  functions: KernelFunctions,
  backend: WasmBackend,
  { x, filter, bias }: { readonly x: TensorInfo; readonly filter: TensorInfo; readonly bias: TensorInfo | undefined },
  low: number,
  sizes: Sizes,
): TensorInfo {
  const { inChannels, outChannels, outWidth, outShape } = sizes;
  const out = backend.makeOutput(outShape, 'float32');
  const planes = backend.makeOutput([16, inChannels, outChannels], 'float32');
  const addend = makeZeros(backend, [outChannels]);
  const strip = makeStrip(backend, sizes);
  if (bias) floatsOf(backend, addend).set(floatsOf(backend, bias));
  const weights = inChannels * outChannels;
  const filterSteps = [0, 12 * weights, 4 * weights, 0, 16 * weights, 4 * weights];
  const [from, u] = [addressOf(backend, filter), addressOf(backend, planes)];
  functions.transformFilter!(from, u, 1, weights, ...filterSteps, 0, 0);
  const [start, v, m] = [x, strip.inner, strip.outer].map((tensor) => addressOf(backend, tensor)) as [
    ...[number, number, number],
  ];
  const pixel = 4 * outChannels;
  const tiles = strip.most * strip.across;
  const plane = 4 * planeOf(tiles, outChannels);
  const steps = [4 * planeOf(tiles, inChannels), 4 * weights, plane];
  forEachStrip(
    strip,
    (place) => transformRow(functions, backend, start, strip, place, sizes),
    (first, count) => {
      functions.multiplyPlanes!(v, u, m, count * strip.across, inChannels, outChannels, ...steps);
      for (let at = 0; at < count; at++) {
        functions.transformOutput!(
          ...[m + at * strip.across * pixel, addressOf(backend, out) + 2 * (first + at) * outWidth * pixel],
          ...[strip.across, outChannels, pixel, 4 * plane, plane, 2 * pixel, outWidth * pixel, pixel],
          ...[addressOf(backend, addend), low],
        );
      }
    },
  );
  disposeAll(backend, [planes, addend, strip.lines, strip.inner, strip.outer]);
  return out;
}

/** Returns the gradient of the filter. */
export function winogradFilterGradient(
  functions: KernelFunctions,
  backend: WasmBackend,
  { x, dy }: { readonly x: TensorInfo; readonly dy: TensorInfo },
  sizes: Sizes,
): TensorInfo {
  const { inChannels, outChannels, outWidth } = sizes;
  const filter = backend.makeOutput(sizes.filterShape, 'float32');
  const sums = makeZeros(backend, [16, inChannels, outChannels]);
  const strip = makeStrip(backend, sizes);
  const [start, gradient, v, u, m] = [x, dy, strip.inner, sums, strip.outer].map((tensor) =>
    addressOf(backend, tensor),
  ) as [number, number, number, number, number];
  const weights = util.sizeFromShape([inChannels, outChannels]);
  const pixel = 4 * outChannels;
  const tiles = strip.most * strip.across;
  const plane = 4 * planeOf(tiles, outChannels);
  const steps = [4 * planeOf(tiles, inChannels), 4 * weights, plane];
  forEachStrip(
    strip,
    (place) => {
      transformRow(functions, backend, start, strip, place, sizes);
      functions.spreadOutput!(
        ...[gradient + 2 * place.row * outWidth * pixel, m + place.at * strip.across * pixel, strip.across],
        ...[outChannels, 2 * pixel, outWidth * pixel, pixel, pixel, 4 * plane, plane, 0, 0],
      );
    },
    (_, count) => functions.correlatePlanes!(v, u, m, count * strip.across, inChannels, outChannels, ...steps),
  );
  const filterSteps = [0, 16 * weights, 4 * weights, 0, 12 * weights, 4 * weights];
  functions.gatherFilter!(u, addressOf(backend, filter), 1, weights, ...filterSteps, 0, 0);
  disposeAll(backend, [sums, strip.lines, strip.inner, strip.outer]);
  return filter;
}
