import {
  backend_util,
  Equal,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  LogicalAnd,
  NotEqual,
  type TensorInfo,
  Tile,
  util,
} from '@tensorflow/tfjs-core';
import { applyPattern, repeatsIn } from './applyPattern.js';
import { addressOf, callKernel, type KernelFunctions } from './backend.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

type Comparison = 'equal' | 'notEqual' | 'less' | 'greater' | 'lessEqual' | 'greaterEqual';

/** Comparisons, of which the gradients of maxima, clipping and selections are made. */
export function comparisonKernels(functions: KernelFunctions): WasmKernel[] {
  const kernel = (name: string, forward: Comparison, backward: Comparison): WasmKernel => ({
    name,
    run: (call) => compare(functions, call, forward, backward),
  });
  return [
    kernel(Equal, 'equal', 'equal'),
    kernel(NotEqual, 'notEqual', 'notEqual'),
    kernel(Less, 'less', 'greater'),
    kernel(Greater, 'greater', 'less'),
    kernel(LessEqual, 'lessEqual', 'greaterEqual'),
    kernel(GreaterEqual, 'greaterEqual', 'lessEqual'),
    { name: LogicalAnd, run: logicalAnd },
  ];
}

function compare(
  functions: KernelFunctions,
  { inputs, backend, stock }: KernelCall,
  forward: Comparison,
  backward: Comparison,
): TensorInfo | TensorInfo[] {
  const { a, b } = inputs as Record<'a' | 'b', TensorInfo>;
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const size = util.sizeFromShape(shape);
  const [sizeA, sizeB] = [util.sizeFromShape(a.shape), util.sizeFromShape(b.shape)];
  const [large, small] = sizeA >= sizeB ? [a, b] : [b, a];
  const floats = a.dtype === 'float32' && b.dtype === 'float32';
  if (!floats || size < 512 || Math.max(sizeA, sizeB) !== size) return stock();
  const run = functions[large === a ? forward : backward]!;
  if (repeatsIn(small.shape, large.shape)) return applyPattern(backend, run, large, [small], { shape, dtype: 'bool' });
  const sides = shape.map((_, axis) => small.shape[axis - shape.length + small.shape.length] ?? 1);
  const reps = shape.map((side, axis) => side / sides[axis]!);
  const spread = callKernel(backend, Tile, { x: { ...small, shape: sides } }, { reps });
  const out = applyPattern(backend, run, large, [spread], { shape, dtype: 'bool' });
  backend.disposeData(spread.dataId);
  return out;
}

/** Truth values are bytes of 0 or 1, so that four of them combine at once. */
function logicalAnd({ inputs, backend, stock }: KernelCall): TensorInfo | TensorInfo[] {
  const { a, b } = inputs as Record<'a' | 'b', TensorInfo>;
  if (a.dtype !== 'bool' || b.dtype !== 'bool' || !util.arraysEqual(a.shape, b.shape)) return stock();
  const out = backend.makeOutput(a.shape, 'bool');
  const size = util.sizeFromShape(a.shape);
  const starts = [a, b, out].map((tensor) => addressOf(backend, tensor));
  const [wordsA, wordsB, words] = starts.map(
    (start) => new Int32Array(backend.wasm.HEAPU8.buffer, start, Math.floor(size / 4)),
  ) as [Int32Array, Int32Array, Int32Array];
  for (let i = 0; i < words.length; i++) words[i] = wordsA[i]! & wordsB[i]!;
  const [startA, startB, start] = starts as [number, number, number];
  const bytes = backend.wasm.HEAPU8;
  for (let i = 4 * words.length; i < size; i++) bytes[start + i] = bytes[startA + i]! & bytes[startB + i]!;
  return out;
}
