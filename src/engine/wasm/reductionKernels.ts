import {
  backend_util,
  Mean,
  type MeanAttrs,
  type NamedAttrMap,
  Sum,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { addressOf, floatsOf, type KernelFunctions, makeZeros } from './backend.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

/** Numbers in a row up to which the backend may add them up one after the other. */
const longestRow = 256;

/** Sums and means over neighbouring axes, in one pass instead of a transposition and a sum. */
export function reductionKernels(functions: KernelFunctions): WasmKernel[] {
  return [
    { name: Sum, run: (call) => reduce(functions, call, () => 1) },
    { name: Mean, run: (call) => reduce(functions, call, (size) => 1 / size) },
  ];
}

function reduce(
  functions: KernelFunctions,
  call: KernelCall,
  scale: (size: number) => number,
): TensorInfo | TensorInfo[] {
  const { backend, stock } = call;
  const { x } = call.inputs as Record<'x', TensorInfo>;
  const { axis, keepDims } = call.attrs as NamedAttrMap & MeanAttrs;
  const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
  const [first, last] = [axes[0] ?? 0, axes.at(-1) ?? -1];
  const size = util.sizeFromShape(x.shape);
  if (size === 0) return ofNothing(call, axes);
  const neighbours = last - first === axes.length - 1;
  const inner = util.sizeFromShape(x.shape.slice(last + 1));
  const reduced = util.sizeFromShape(x.shape.slice(first, last + 1));
  const outer = util.sizeFromShape(x.shape.slice(0, first));
  // The kernels of the backend add one number after the other in float32: fast and exact enough for short rows.
  const stockIsFine = inner === 1 && outer > 1 && reduced <= longestRow;
  if (x.dtype !== 'float32' || axes.length === 0 || !neighbours || stockIsFine || size < 256) return stock();
  const [outShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const out = makeZeros(backend, keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape);
  const fold = foldOf(inner, reduced);
  const columns = fold * inner;
  const rows = Math.floor(reduced / fold);
  const partial = makeZeros(backend, [columns]);
  const factor = scale(reduced);
  const sums = floatsOf(backend, partial);
  const values = floatsOf(backend, x);
  const results = floatsOf(backend, out);
  for (let group = 0; group < outer; group++) {
    const start = group * reduced * inner;
    sums.fill(0);
    functions.sumRows!(addressOf(backend, x) + 4 * start, addressOf(backend, partial), rows, columns);
    for (let i = rows * columns; i < reduced * inner; i++) sums[i % inner]! += values[start + i]!;
    for (let i = 0; i < inner; i++) {
      let total = 0;
      for (let j = i; j < columns; j += inner) total += sums[j]!;
      results[group * inner + i] = total * factor;
    }
  }
  backend.disposeData(partial.dataId);
  return out;
}

/** Sums and means over no elements are 0, as on the cpu backend; the kernels of the backend leave them unwritten. */
function ofNothing({ inputs, attrs, backend, stock }: KernelCall, axes: number[]): TensorInfo | TensorInfo[] {
  const x = inputs.x!;
  const [outShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  if (x.dtype !== 'float32' || axes.length === 0 || util.sizeFromShape(outShape) === 0) return stock();
  const { keepDims } = attrs as NamedAttrMap & MeanAttrs;
  return makeZeros(backend, keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape);
}

/** How many rows of a narrow matrix to take as one, so that the columns fill vectors. */
function foldOf(inner: number, rows: number): number {
  let fold = 1;
  while (fold * inner < 16 && fold * 2 <= rows) fold *= 2;
  return inner % 8 === 0 ? 1 : fold;
}
