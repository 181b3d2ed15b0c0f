import { type NamedAttrMap, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, floatsOf, type KernelFunctions, makeZeros, type WasmBackend } from './backend.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

/**
 * Batch normalisation in few passes, which `normalizeBatch` of the models uses where it finds these kernels by name:
 *
 * - `SegkitMoments(x) -> mean, variance`: of every channel, the variance biased
 * - `SegkitNormalize(x, mean, scale, shift; relu) -> (x - mean) scale + shift`, then ReLU where asked for
 * - `SegkitNormalizeGradient(x, dy, mean, scale, shift, inverse; relu) -> [dx, sums]`: the gradient through the moments
 *   too, where `inverse` is 1 over the standard deviation; `sums` is `[2, channels]`, of dy and of dy (x - mean)
 */
export function normalizationKernels(functions: KernelFunctions): WasmKernel[] {
  return [
    { name: 'SegkitMoments', run: (call) => moments(functions, call) },
    { name: 'SegkitNormalize', run: (call) => normalize(functions, call) },
    { name: 'SegkitNormalizeGradient', run: (call) => normalizeGradient(functions, call) },
  ];
}

/** A tensor as a matrix whose columns fill vectors: some pixels are taken as one where there are few channels. */
interface Matrix {
  readonly channels: number;
  readonly pixels: number;
  readonly rows: number;
  readonly columns: number;
}

function matrixOf({ shape }: TensorInfo): Matrix {
  const channels = shape.at(-1)!;
  const pixels = util.sizeFromShape(shape) / channels;
  let fold = 1;
  while ((fold * channels) % 8 !== 0 && fold < 8 && pixels % (2 * fold) === 0) fold *= 2;
  return { channels, pixels, rows: pixels / fold, columns: channels * fold };
}

/** Writes rows of one number a channel out to the columns of the matrix; who asks for it disposes it. */
function makeParts(
  backend: WasmBackend,
  { channels, columns }: Matrix,
  lists: readonly ArrayLike<number>[],
): TensorInfo {
  const parts = backend.makeOutput([lists.length, columns], 'float32');
  const to = floatsOf(backend, parts);
  lists.forEach((list, row) => {
    for (let i = 0; i < columns; i++) to[row * columns + i] = list[i % channels]!;
  });
  return parts;
}

/** Adds up the columns of each channel, row by row, and disposes the sums. */
function foldSums(backend: WasmBackend, sums: TensorInfo, { channels, columns }: Matrix): Float64Array[] {
  const values = floatsOf(backend, sums);
  const lists = Array.from({ length: sums.shape[0]! }, (_, row) => {
    const list = new Float64Array(channels);
    for (let i = 0; i < columns; i++) list[i % channels]! += values[row * columns + i]!;
    return list;
  });
  backend.disposeData(sums.dataId);
  return lists;
}

/** Copies of the numbers of small tensors, which allocations leave alone. */
function read(backend: WasmBackend, tensors: readonly TensorInfo[]): Float32Array[] {
  return tensors.map((tensor) => floatsOf(backend, tensor).slice());
}

function moments(functions: KernelFunctions, { inputs, backend }: KernelCall): TensorInfo[] {
  const x = inputs.x!;
  const matrix = matrixOf(x);
  const { channels, pixels, rows, columns } = matrix;
  const outputs = [0, 1].map(() => backend.makeOutput([channels], 'float32'));
  const totals = makeZeros(backend, [1, columns]);
  functions.sumRows!(addressOf(backend, x), addressOf(backend, totals), rows, columns);
  const mean = Float32Array.from(foldSums(backend, totals, matrix)[0]!, (sum) => sum / pixels);
  const parts = makeParts(backend, matrix, [mean]);
  const squares = makeZeros(backend, [1, columns]);
  functions.squareSums!(...[x, parts, squares].map((part) => addressOf(backend, part)), rows, columns);
  backend.disposeData(parts.dataId);
  const variance = foldSums(backend, squares, matrix)[0]!.map((sum) => sum / pixels);
  [mean, variance].forEach((numbers, i) => {
    floatsOf(backend, outputs[i]!).set(numbers);
  });
  return outputs;
}

function normalize(functions: KernelFunctions, { inputs, attrs, backend }: KernelCall): TensorInfo {
  const { x, mean, scale, shift } = inputs as Record<'x' | 'mean' | 'scale' | 'shift', TensorInfo>;
  const matrix = matrixOf(x);
  const parts = makeParts(backend, matrix, read(backend, [mean, scale, shift]));
  const out = backend.makeOutput(x.shape, 'float32');
  const run = functions[isFollowed(attrs) ? 'normalizeRelu' : 'normalize']!;
  run(...[x, parts, out].map((part) => addressOf(backend, part)), matrix.rows, matrix.columns);
  backend.disposeData(parts.dataId);
  return out;
}

function normalizeGradient(functions: KernelFunctions, { inputs, attrs, backend }: KernelCall): TensorInfo[] {
  const { x, dy, mean, scale, shift, inverse } = inputs as Record<
    'x' | 'dy' | 'mean' | 'scale' | 'shift' | 'inverse',
    TensorInfo
  >;
  const name = isFollowed(attrs) ? 'normalizeRelu' : 'normalize';
  const matrix = matrixOf(x);
  const { channels, pixels, rows, columns } = matrix;
  const known = read(backend, [mean, scale, shift]);
  const [factors, inverses] = [known[1]!, read(backend, [inverse])[0]!];
  const dx = backend.makeOutput(x.shape, 'float32');
  const out = backend.makeOutput([2, channels], 'float32');
  const parts = makeParts(backend, matrix, known);
  const totals = makeZeros(backend, [2, columns]);
  functions[`${name}Sums`]!(...[x, dy, parts, totals].map((part) => addressOf(backend, part)), rows, columns);
  backend.disposeData(parts.dataId);
  const [sums, products] = foldSums(backend, totals, matrix) as [Float64Array, Float64Array];
  const results = floatsOf(backend, out);
  results.set(sums);
  results.set(products, channels);
  const slope = products.map((product, i) => (-factors[i]! * inverses[i]! ** 2 * product) / pixels);
  const offset = sums.map((sum, i) => (-factors[i]! * sum) / pixels);
  const all = makeParts(backend, matrix, [...known, slope, offset]);
  functions[`${name}Gradient`]!(...[x, dy, all, dx].map((part) => addressOf(backend, part)), rows, columns);
  backend.disposeData(all.dataId);
  return [dx, out];
}

/** Whether a ReLU follows. */
function isFollowed(attrs: NamedAttrMap): boolean {
  return attrs.relu === true;
}
