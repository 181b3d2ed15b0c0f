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
import { applyPattern, repeatsIn } from './applyPattern.js';
import { floatsOf, type KernelFunctions } from './backend.js';
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
  return applyPattern(call.backend, functions[large === a ? forward : backward]!, large, [small], { shape });
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
  const out = applyPattern(backend, functions.affine!, x, [factor, shift], { shape: x.shape });
  backend.disposeData(factor.dataId);
  backend.disposeData(shift.dataId);
  return out;
}
