import {
  type NamedAttrMap,
  type TensorInfo,
  UnsortedSegmentSum,
  type UnsortedSegmentSumAttrs,
  util,
} from '@tensorflow/tfjs-core';
import { addressOf, floatsOf, makeZeros } from './backend.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

/** Sums by segment, which the gradient of `gather` needs and the wasm backend lacks. */
export function segmentKernels(): WasmKernel[] {
  return [{ name: UnsortedSegmentSum, run: segmentSum }];
}

/** Row `i` of `x` is added to row `segmentIds[i]`; rows whose id is outside `0 .. numSegments - 1` are dropped. */
function segmentSum({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', TensorInfo>;
  const { numSegments } = attrs as NamedAttrMap & UnsortedSegmentSumAttrs;
  const out = makeZeros(backend, [numSegments, ...x.shape.slice(1)]);
  const count = util.sizeFromShape(segmentIds.shape);
  const ids = new Int32Array(backend.wasm.HEAPU8.buffer, addressOf(backend, segmentIds), count);
  const [values, sums] = [floatsOf(backend, x), floatsOf(backend, out)];
  const row = util.sizeFromShape(x.shape.slice(1));
  const each = values.length / count;
  for (let i = 0; i < values.length; i++) {
    const id = ids[Math.floor(i / each)]!;
    if (id >= 0 && id < numSegments) sums[id * row + (i % row)]! += values[i]!;
  }
  return out;
}
