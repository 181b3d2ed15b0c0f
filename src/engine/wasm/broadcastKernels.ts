import {
  Add,
  backend_util,
  FusedBatchNorm,
  type FusedBatchNormAttrs,
  Multiply,
  type NamedAttrMap,
  RealDiv,
  Sub,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { addressOf, floatsOf, type KernelFunctions, type WasmBackend } from './backend.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

/** Arithmetic with one value a channel, and batch normalisation, which comes down to it. */
export function broadcastKernels(functions: KernelFunctions): WasmKernel[] {
  return [
    { name: Add, run: (call) => combine(functions, call, 'add', 'add') },
    { name: Sub, run: (call) => combine(functions, call, 'subtract', 'subtractFrom') },
    { name: Multiply, run: (call) => combine(functions, call, 'multiply', 'multiply') },
    { name: RealDiv, run: (call) => combine(functions, call, 'divide', 'divideInto') },
    { name: FusedBatchNorm, run: (call) => batchNorm(functions, call) },
  ];
}

type Operation = 'add' | 'subtract' | 'subtractFrom' | 'multiply' | 'divide' | 'divideInto';

/** Below this size the kernels of the backend do as well. */
const smallest = 512;

/** The shape without leading axes of one. */
function core(shape: readonly number[]): readonly number[] {
  const first = shape.findIndex((side) => side !== 1);
  return first < 0 ? [] : shape.slice(first);
}

/** Whether `small` repeats along the first axes of `large` only. */
function repeatsIn(small: readonly number[], large: readonly number[]): boolean {
  const inner = core(small);
  return inner.length <= large.length && inner.every((side, i) => side === large[large.length - inner.length + i]);
}

function combine(
  functions: KernelFunctions,
  call: KernelCall,
  forward: Operation,
  backward: Operation,
): TensorInfo | TensorInfo[] {
  const { a, b } = call.inputs as Record<'a' | 'b', TensorInfo>;
  const [sizeA, sizeB] = [util.sizeFromShape(a.shape), util.sizeFromShape(b.shape)];
  const [large, small] = sizeA >= sizeB ? [a, b] : [b, a];
  const fits =
    a.dtype === 'float32' &&
    b.dtype === 'float32' &&
    sizeA !== sizeB &&
    Math.max(sizeA, sizeB) >= smallest &&
    4 * Math.min(sizeA, sizeB) <= Math.max(sizeA, sizeB) &&
    repeatsIn(small.shape, large.shape);
  if (!fits) return call.stock();
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  return applyPattern(functions, call.backend, large === a ? forward : backward, large, shape, [small]);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * Combines every stretch of `x` with tensors of one size that repeat in it, written out to whole vectors first.
 * The numbers of the last, incomplete vector are computed on a copy of 16.
 */
function applyPattern(
  functions: KernelFunctions,
  backend: WasmBackend,
  operation: Operation | 'affine',
  x: TensorInfo,
  shape: readonly number[],
  patterns: readonly TensorInfo[],
): TensorInfo {
  const size = util.sizeFromShape(x.shape);
  const period = util.sizeFromShape(patterns[0]!.shape);
  const vectors = (period * 16) / greatestCommonDivisor(period, 16);
  const length = Math.min(vectors * Math.ceil(512 / vectors), 16 * Math.ceil(size / 16));
  const out = backend.makeOutput(shape, 'float32');
  const scratch = backend.makeOutput([patterns.length * length + 16], 'float32');
  const words = floatsOf(backend, scratch);
  patterns.forEach((pattern, index) => {
    const values = floatsOf(backend, pattern);
    for (let i = 0; i < length; i++) words[index * length + i] = values[i % period]!;
  });
  const [from, to, pattern] = [addressOf(backend, x), addressOf(backend, out), addressOf(backend, scratch)];
  const run = functions[operation]!;
  const blocks = Math.floor(size / length);
  if (blocks > 0) run(from, pattern, to, blocks, length / 16, 4 * length);
  const done = blocks * length;
  const steps = Math.floor((size - done) / 16);
  if (steps > 0) run(from + 4 * done, pattern, to + 4 * done, 1, steps, 4 * length);
  const last = done + 16 * steps;
  if (last < size) {
    const tail = patterns.length * length;
    words.set(floatsOf(backend, x).subarray(last), tail);
    run(pattern + 4 * tail, pattern + 64 * steps, pattern + 4 * tail, 1, 1, 4 * length);
    floatsOf(backend, out).set(words.subarray(tail, tail + size - last), last);
  }
  backend.disposeData(scratch.dataId);
  return out;
}

/** `x * factor + shift`, where factor and shift are computed for each channel. */
function batchNorm(functions: KernelFunctions, call: KernelCall): TensorInfo | TensorInfo[] {
  const { backend } = call;
  const { x, mean, variance, offset, scale } = call.inputs as Record<'x' | 'mean' | 'variance', TensorInfo> &
    Partial<Record<'offset' | 'scale', TensorInfo>>;
  const { varianceEpsilon } = call.attrs as NamedAttrMap & FusedBatchNormAttrs;
  const channels = util.sizeFromShape(mean.shape);
  const given = [mean, variance, offset, scale].filter((part) => part !== undefined && part !== null);
  const plain = given.every(({ shape }) => util.sizeFromShape(shape) === channels && repeatsIn(shape, x.shape));
  if (!plain || util.sizeFromShape(x.shape) < smallest) return call.stock();
  const factor = backend.makeOutput([channels], 'float32');
  const shift = backend.makeOutput([channels], 'float32');
  const [means, variances] = [floatsOf(backend, mean), floatsOf(backend, variance)];
  const offsets = offset && floatsOf(backend, offset);
  const scales = scale && floatsOf(backend, scale);
  const [factors, shifts] = [floatsOf(backend, factor), floatsOf(backend, shift)];
  for (let i = 0; i < channels; i++) {
    factors[i] = (scales?.[i] ?? 1) / Math.sqrt(variances[i]! + varianceEpsilon);
    shifts[i] = (offsets?.[i] ?? 0) - means[i]! * factors[i]!;
  }
  const out = applyPattern(functions, backend, 'affine', x, x.shape, [factor, shift]);
  backend.disposeData(factor.dataId);
  backend.disposeData(shift.dataId);
  return out;
}
