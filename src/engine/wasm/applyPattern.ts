import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, floatsOf, type KernelFunctions, type WasmBackend } from './backend.js';

/** Whether `small` repeats along the first axes of `large` only. */
export function repeatsIn(small: readonly number[], large: readonly number[]): boolean {
  const first = small.findIndex((side) => side !== 1);
  const inner = first < 0 ? [] : small.slice(first);
  return inner.length <= large.length && inner.every((side, i) => side === large[large.length - inner.length + i]);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** How many floats to write the patterns out to: whole vectors, enough of them, but not more than there are numbers. */
function writtenLength(period: number, size: number): number {
  const vectors = (period * 16) / greatestCommonDivisor(period, 16);
  return Math.min(vectors * Math.ceil(512 / vectors), 16 * Math.ceil(size / 16));
}

/**
 * Runs a function of `defineElementwise` over the float tensor `x` and tensors of one size that repeat in it, which
 * are written out to whole vectors first. The numbers of the last, incomplete vector are computed on a copy of 16.
 */
export function applyPattern(
  backend: WasmBackend,
  run: KernelFunctions[string],
  x: TensorInfo,
  patterns: readonly TensorInfo[],
  { shape, dtype = 'float32' }: { readonly shape: readonly number[]; readonly dtype?: 'float32' | 'bool' },
): TensorInfo {
  const size = util.sizeFromShape(x.shape);
  const period = util.sizeFromShape(patterns[0]!.shape);
  const length = writtenLength(period, size);
  const unit = dtype === 'bool' ? 1 : 4;
  const out = backend.makeOutput(shape, dtype);
  const direct = patterns.length === 1 && length === period;
  const spare = direct ? 0 : patterns.length * length;
  const scratch = backend.makeOutput([spare + 16 * (patterns.length + 2)], 'float32');
  const words = floatsOf(backend, scratch);
  const values = patterns.map((pattern) => floatsOf(backend, pattern));
  values.forEach((list, index) => {
    for (let start = 0; start < length && !direct; start += period) {
      words.set(list.subarray(0, length - start), index * length + start);
    }
  });
  const [from, to, rest] = [addressOf(backend, x), addressOf(backend, out), addressOf(backend, scratch)];
  const pattern = direct ? addressOf(backend, patterns[0]!) : rest;
  const blocks = Math.floor(size / length);
  if (blocks > 0) run(from, pattern, to, blocks, length / 16, 4 * length);
  const done = blocks * length;
  const steps = Math.floor((size - done) / 16);
  if (steps > 0) run(from + 4 * done, pattern, to + unit * done, 1, steps, 4 * length);
  const last = done + 16 * steps;
  if (last < size) {
    // In the scratch: the last numbers, their parts of the patterns, the results.
    words.set(floatsOf(backend, x).subarray(last), spare);
    values.forEach((list, index) => {
      for (let i = 0; i < 16; i++) words[spare + 16 * (index + 1) + i] = list[(last + i) % period]!;
    });
    const tail = rest + 4 * spare;
    const result = tail + 64 * (patterns.length + 1);
    run(tail, tail + 64, result, 1, 1, 64);
    backend.wasm.HEAPU8.copyWithin(to + unit * last, result, result + unit * (size - last));
  }
  backend.disposeData(scratch.dataId);
  return out;
}
