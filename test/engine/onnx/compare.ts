// Helpers of the tests of the backend `onnx`: the same computation there and on the backend `cpu`.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import {
  backend,
  type DataType,
  enableProdMode,
  grads,
  memory,
  mul,
  setBackend,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { Random } from 'segkit/core';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { OnnxBackend } from '../../../src/engine/onnx/backend.js';
import { type PrepareOnnxOptions, prepareOnnx } from '../../../src/engine/onnx/prepareOnnx.js';

enableProdMode();

/** Numbers, their shape and their dtype: what moves between backends. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly dtype: DataType;
}

/**
 * Prepares the backend, by default so that graphs run however small they are, and checks that no test leaves tensors
 * behind or has work done by kernels of the CPU backend.
 */
export function useOnnxBackend(options: PrepareOnnxOptions = {}): void {
  let tensors = 0;
  beforeAll(async () => {
    expect(await prepareOnnx({ threads: 2, interpretUpTo: 0, ...options })).toBeUndefined();
    await setBackend('onnx');
  });
  beforeEach(() => {
    tensors = memory().numTensors;
  });
  afterEach(() => {
    expect(memory().numTensors, 'leaked tensors').toBe(tensors);
  });
}

/** The backend under test. */
export function onnxBackend(): OnnxBackend {
  return backend() as unknown as OnnxBackend;
}

/** Numbers in -2..2, whole ones in -9..9, or truth values. */
export function random(shape: readonly number[], seed: number, dtype: DataType = 'float32'): Numbers {
  const source = new Random(seed);
  const draw = {
    float32: () => Math.fround(source.uniform(-2, 2)),
    int32: () => source.integer(-9, 9),
    bool: () => source.integer(0, 1),
  }[dtype as 'float32' | 'int32' | 'bool'];
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, dtype, data: Array.from({ length: size }, draw) };
}

/** Numbers of one's own. */
export function numbers(shape: readonly number[], data: readonly number[], dtype: DataType = 'float32'): Numbers {
  return { shape, data, dtype };
}

/** What a computation gives. */
export type Computation = (...tensors: Tensor[]) => Tensor | readonly Tensor[];

/** Runs a computation on a backend and reads what it gives; frees everything. */
export async function on(name: 'cpu' | 'onnx', inputs: readonly Numbers[], compute: Computation): Promise<Numbers[]> {
  await setBackend(name);
  return tidy(() => {
    const outputs = compute(...inputs.map(({ data, shape, dtype }) => tensor([...data], [...shape], dtype)));
    return ([outputs].flat() as Tensor[]).map((output) => ({
      shape: output.shape,
      dtype: output.dtype,
      data: Array.from(output.dataSync()),
    }));
  });
}

/** How far results may be off: in all, or of the number itself. */
export interface Tolerance {
  readonly absolute?: number;
  readonly relative?: number;
}

/** Expects shapes, dtypes and numbers to agree; what is no number or infinite has to be the same. */
export function expectClose(
  actual: readonly Numbers[],
  expected: readonly Numbers[],
  { absolute = 1e-6, relative = 1e-5 }: Tolerance = {},
): void {
  const form = ({ shape, dtype }: Numbers) => `${dtype}[${shape.join()}]`;
  expect(actual.map(form)).toEqual(expected.map(form));
  actual.forEach(({ data }, output) => {
    const wanted = expected[output]!.data;
    const wrong = data.findIndex((value, i) => {
      const other = wanted[i]!;
      if (Object.is(value, other) || value === other) return false;
      return !(Math.abs(value - other) <= absolute + relative * Math.abs(other));
    });
    if (wrong >= 0) {
      const near = (list: readonly number[]) => list.slice(Math.max(0, wrong - 2), wrong + 6).join(', ');
      expect.fail(
        `output ${output} differs first at ${wrong} of ${data.length}: ${data[wrong]} for ${wanted[wrong]} ` +
          `(${near(data)} for ${near(wanted)})`,
      );
    }
  });
}

/** Expects that `onnx` gives what `cpu` gives, and that no kernel of the CPU backend had part in it. */
export async function expectSame(
  inputs: readonly Numbers[],
  compute: Computation,
  tolerance?: Tolerance,
): Promise<void> {
  const expected = await on('cpu', inputs, compute);
  await setBackend('onnx');
  const before = new Map(onnxBackend().slowKernels);
  const actual = await on('onnx', inputs, compute);
  expectClose(actual, expected, tolerance);
  const slow = [...onnxBackend().slowKernels].filter(([name, count]) => count !== before.get(name));
  expect(slow, 'kernels of the CPU backend').toEqual([]);
}

/** The gradients of a computation with respect to all its inputs, its result weighted by fixed numbers. */
export function gradientsOf(compute: (...tensors: Tensor[]) => Tensor): Computation {
  return (...tensors) =>
    grads((...all: Tensor[]) => {
      const output = compute(...all);
      const { data, shape } = random(output.shape, 99);
      return sum(mul(output, tensor([...data], [...shape])));
    })(tensors);
}
