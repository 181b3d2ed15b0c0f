// Helpers of the engine tests: the same computation on the cpu and the wasm backend.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import {
  backend,
  enableProdMode,
  grads,
  memory,
  mul,
  type Rank,
  setBackend,
  sum,
  type Tensor,
  type Tensor4D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { Random } from 'segkit/core';
import { useEngine } from 'segkit/engine';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';

enableProdMode();

/** Numbers and their shape: what moves between backends. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Prepares both backends, and checks that no test leaves tensors or data on the wasm backend. */
export function useBothBackends(): void {
  let tensors = 0;
  let data = 0;
  beforeAll(async () => {
    await useEngine('cpu', { training: true });
    await useEngine('wasm', { training: true });
  });
  beforeEach(async () => {
    await setBackend('wasm');
    tensors = memory().numTensors;
    data = backend().numDataIds();
  });
  afterEach(async () => {
    await setBackend('wasm');
    expect(memory().numTensors, 'leaked tensors').toBe(tensors);
    expect(backend().numDataIds(), 'leaked data').toBe(data);
  });
}

/** Uniform numbers in -1..1. */
export function randomValues(shape: readonly number[], seed: number): Values {
  const random = new Random(seed);
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, data: Float32Array.from({ length: size }, () => random.uniform(-1, 1)) };
}

/** Runs `compute` on a backend and reads what it gives; frees everything. */
export async function on(
  name: 'cpu' | 'wasm',
  inputs: readonly Values[],
  compute: (...tensors: Tensor4D[]) => Tensor | readonly Tensor[],
): Promise<Values[]> {
  await setBackend(name);
  return tidy(() => {
    const outputs = compute(
      ...inputs.map(({ data, shape }) => tensor<Rank.R4>(data, shape as [number, number, number, number])),
    );
    return [outputs].flat().map((output) => ({
      shape: output.shape,
      data: Float32Array.from(output.dataSync()),
    }));
  });
}

/** The gradients of a function with respect to all its inputs, weighted by fixed random numbers. */
export function gradientsOf(
  compute: (...tensors: Tensor4D[]) => Tensor,
): (...tensors: Tensor4D[]) => readonly Tensor[] {
  return (...tensors) =>
    grads((...all: Tensor[]) => {
      const output = compute(...(all as Tensor4D[]));
      const { data, shape } = randomValues(output.shape, 99);
      return sum(mul(output, tensor(data, [...shape])));
    })(tensors);
}

/** Expects the same shapes and, to within `tolerance` of the largest value, the same numbers. */
export function expectClose(actual: readonly Values[], expected: readonly Values[], tolerance = 1e-5): void {
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  actual.forEach(({ data }, index) => {
    const other = expected[index]!.data;
    let scale = 1;
    let worst = 0;
    data.forEach((value, i) => {
      scale = Math.max(scale, Math.abs(other[i]!));
      const difference = Math.abs(value - other[i]!);
      if (!(difference <= worst)) worst = difference;
    });
    expect(worst / scale, `output ${index}`).toBeLessThanOrEqual(tolerance);
  });
}

/** Expects that wasm gives what cpu gives. */
export async function expectSame(
  inputs: readonly Values[],
  compute: (...tensors: Tensor4D[]) => Tensor | readonly Tensor[],
  tolerance?: number,
): Promise<void> {
  const expected = await on('cpu', inputs, compute);
  expectClose(await on('wasm', inputs, compute), expected, tolerance);
}
