import {
  add,
  cast,
  complex,
  dispose,
  div,
  fft,
  grad,
  imag,
  isNaN as isNotNumber,
  keep,
  log,
  memory,
  mul,
  neg,
  real,
  registerKernel,
  relu,
  reshape,
  setBackend,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
  transpose,
  unregisterKernel,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { lacksLowering, prepareOnnx } from '../../../src/engine/onnx/prepareOnnx.js';
import { peek } from '../../../src/losses/peek.js';
import { onnx, useOnnxBackend } from './onnxBackend.js';

useOnnxBackend({ cacheSize: 4 });

const read = (x: Tensor): number[] => {
  const values = [...x.dataSync()];
  x.dispose();
  return values;
};

describe('the backend onnx', () => {
  it('records without running, and runs when a value is read', () => {
    const programs = onnx().programs;
    const x = tensor1d([1, 2, 3]);
    const y = tidy(() => add(mul(x, 2), 1));
    expect(onnx().programs).toBe(programs);
    expect(read(y)).toEqual([3, 5, 7]);
    expect(onnx().programs).toBe(programs + 1);
    x.dispose();
  });

  it('uses a graph again for other numbers, constants among them', () => {
    const compute = (values: number[], factor: number): number[] =>
      read(tidy(() => sub(mul(tensor1d(values), factor), 0.5)));
    expect(compute([1, 2], 3)).toEqual([2.5, 5.5]);
    const programs = onnx().programs;
    expect(compute([4, 5], 7)).toEqual([27.5, 34.5]);
    expect(onnx().programs).toBe(programs);
  });

  it('holds no more programs than its cache has places, and makes those that left again', () => {
    for (let length = 2; length < 12; length++) {
      const ones = new Array<number>(length).fill(1);
      expect(read(tidy(() => mul(tensor1d(ones), 2)))).toEqual(ones.map(() => 2));
      expect(onnx().programs).toBeLessThanOrEqual(4);
    }
    expect(read(tidy(() => mul(tensor1d([1, 1]), 2)))).toEqual([2, 2]);
  });

  it('takes a copy of numbers at once: changing them later changes nothing', () => {
    const values = Float32Array.of(1, 2);
    const x = tensor(values);
    const y = add(x, 1);
    values.fill(9);
    expect(read(y)).toEqual([2, 3]);
    expect(read(x)).toEqual([1, 2]);
  });

  it('never reuses memory that somebody has read', () => {
    const x = tensor1d(new Float32Array(4096).fill(1));
    const y = add(x, 1);
    const seen = y.dataSync();
    y.dispose();
    for (let i = 0; i < 4; i++) {
      const z = mul(x, 5 + i);
      z.dataSync();
      z.dispose();
    }
    expect(seen[4095]).toBe(2);
    x.dispose();
  });

  it('reuses memory that somebody has only peeked at', () => {
    const ones = new Float32Array(4096).fill(1);
    const x = tensor1d(ones);
    const seen = peek(x);
    expect(seen).toEqual(ones);
    x.dispose();
    const y = tensor1d(new Float32Array(4096).fill(2));
    expect(seen[4095]).toBe(2);
    y.dispose();
    expect(() => peek(y)).toThrow(/disposed/);
  });

  it('uploads zeros where no values come, whatever the memory held before', () => {
    tensor1d(new Float32Array(4096).fill(7)).dispose();
    const id = onnx().write(null as never, [4096], 'float32');
    expect(onnx().readSync(id)).toEqual(new Float32Array(4096));
    onnx().disposeData(id);
  });

  it('runs what is referenced only, and gives tensors read twice the same numbers', () => {
    const x = tensor1d([1, 4]);
    const dropped = log(x);
    dropped.dispose();
    const y = square(x);
    expect([...y.dataSync()]).toEqual([1, 16]);
    expect([...y.dataSync()]).toEqual([1, 16]);
    expect(read(add(y, 0))).toEqual([1, 16]);
    dispose([x, y]);
  });

  it('reads pending tensors in other shapes', () => {
    const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
    const doubled = mul(x, 2);
    const turned = transpose(reshape(doubled, [3, 2]));
    expect(turned.shape).toEqual([2, 3]);
    expect(read(turned)).toEqual([2, 6, 10, 4, 8, 12]);
    dispose([x, doubled]);
  });

  it('moves tensors from and to other backends', async () => {
    const x = add(tensor1d([1, 2]), 1);
    await setBackend('cpu');
    const y = mul(x, 2);
    expect([...y.dataSync()]).toEqual([4, 6]);
    await setBackend('onnx');
    expect(read(add(y, x))).toEqual([6, 9]);
    expect(read(y)).toEqual([4, 6]);
    expect(read(x)).toEqual([2, 3]);
  });

  it('keeps variables, kept tensors and those that outlive many steps', () => {
    const start = tensor1d([1, 1]);
    const weight = variable(start);
    const constant = tidy(() => keep(mul(start, 0.5)));
    for (let step = 0; step < 20; step++) {
      tidy(() => weight.assign(add(weight, constant)));
      if (step % 7 === 3) expect(weight.dataSync()[0]).toBeCloseTo(1 + 0.5 * (step + 1));
    }
    expect([...weight.dataSync()]).toEqual([11, 11]);
    dispose([start, weight, constant]);
  });

  it('is exact about NaN, infinity, negative zero, int32 and bool', () => {
    const x = tensor1d([Number.NaN, Number.POSITIVE_INFINITY, -1, 0]);
    expect(read(relu(x))).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0, 0]);
    expect(read(isNotNumber(x))).toEqual([1, 0, 0, 0]);
    const whole = tensor1d([7, -7, 2 ** 24 + 1], 'int32');
    const product = mul(whole, tensor1d([3, 3, 1], 'int32'));
    expect(product.dtype).toBe('int32');
    expect(read(product)).toEqual([21, -21, 2 ** 24 + 1]);
    const flags = cast(x, 'bool');
    expect(flags.dtype).toBe('bool');
    const zeros = tensor1d([0, -0]);
    expect(read(neg(zeros))).toEqual([-0, 0]);
    expect(read(mul(zeros, -1))).toEqual([-0, 0]);
    expect(read(sqrt(zeros))).toEqual([0, -0]);
    expect(read(div(1, zeros))).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    dispose([x, whole, flags, zeros]);
  });

  it('takes tensors without elements', () => {
    const x = zeros([0, 3]);
    const y = add(x, 1);
    expect(y.shape).toEqual([0, 3]);
    expect(read(y)).toEqual([]);
    expect(read(sum(x, 0))).toEqual([0, 0, 0]);
    x.dispose();
  });

  it('leaves complex numbers and text to the CPU backend', () => {
    const re = tensor1d([1, 0, 0, 0]);
    const im = tensor1d([0, 0, 0, 0]);
    const z = complex(re, im);
    const transformed = fft(z);
    expect(read(real(transformed))).toEqual([1, 1, 1, 1]);
    expect(read(imag(transformed))).toEqual([0, 0, 0, 0]);
    const text = tensor(['a', 'bc']);
    expect(text.dataSync()).toEqual(['a', 'bc']);
    dispose([re, im, z, transformed, text]);
  });

  it('runs a kernel that cannot be lowered on the CPU backend, and counts it', () => {
    registerKernel({
      kernelName: 'OnCpuOnly',
      backendName: 'cpu',
      kernelFunc: ({ inputs, backend: cpu }) => {
        const { shape, dtype, dataId } = (inputs as Record<string, Tensor>).x!;
        const values = (cpu as unknown as { readSync(id: object): Float32Array }).readSync(dataId).map((v) => v + 100);
        const made = (cpu as unknown as { write(v: object, s: number[], d: string): object }).write(
          values,
          shape,
          dtype,
        );
        return { dataId: made, shape, dtype };
      },
    });
    expect(lacksLowering('OnCpuOnly')).toBe(true);
    expect(lacksLowering('Conv2D')).toBe(false);
    const x = tensor1d([1, 2]);
    const before = onnx().slowKernels.get('OnCpuOnly') ?? 0;
    const infos = onnx().runOnCpu('OnCpuOnly', { x: add(x, 1) }, {});
    expect([...(onnx().readSync(infos[0]!.dataId) as Float32Array)]).toEqual([102, 103]);
    expect(onnx().slowKernels.get('OnCpuOnly')).toBe(before + 1);
    onnx().disposeData(infos[0]!.dataId);
    unregisterKernel('OnCpuOnly', 'cpu');
    x.dispose();
  });

  it('throws where a kernel is missing everywhere', () => {
    expect(() => onnx().runOnCpu('NoSuchKernel', {}, {})).toThrow(
      'The engine onnx has no kernel NoSuchKernel, nor has the CPU backend.',
    );
  });

  it('recovers from an error in the middle of a recording', () => {
    const x = tensor1d([1, 2]);
    const before = memory().numTensors;
    expect(() =>
      tidy(() => {
        const y = mul(x, 3);
        throw new Error(`stop ${y.shape}`);
      }),
    ).toThrow('stop 2');
    expect(memory().numTensors).toBe(before);
    expect(() => add(x, tensor1d([1, 2, 3]))).toThrow(/broadcast/i);
    expect(read(add(x, 1))).toEqual([2, 3]);
    x.dispose();
  });

  it('says of a tensor whose computation failed that it has no values, and goes on', () => {
    const x = tensor1d([1, 2]);
    const y = mul(x, 2);
    const entry = onnx().entryOf(y);
    // A lowering that emits what ONNX Runtime refuses.
    const call = entry.call!;
    Object.assign(call, {
      signature: 'broken',
      definition: {
        ...call.definition,
        lower: (
          { outputs }: typeof call,
          graph: { define(v: object, n: string): void; op(o: string, i: string[]): string },
        ) => graph.define(outputs[0]!, graph.op('NoSuchOperation', [])),
      },
    });
    expect(() => y.dataSync()).toThrow(/NoSuchOperation/);
    expect(() => y.dataSync()).toThrow('This tensor has no values, since the computation that was to give them failed');
    expect(() => add(y, 1)).toThrow('This tensor has no values');
    expect(read(mul(x, 2))).toEqual([2, 4]);
    dispose([x, y]);
  });

  it('gives gradients of gradients', () => {
    const cube = (x: Tensor): Tensor => mul(x, square(relu(x)));
    const x = tensor1d([2, -1]);
    const second = grad((v) => sum(grad(cube)(v)))(x);
    expect(read(second)).toEqual([12, 0]);
    x.dispose();
  });

  it('stays as it is when prepared again, and changes its threads when asked', async () => {
    const active = onnx();
    expect(await prepareOnnx({ threads: 2 })).toBeUndefined();
    expect(onnx()).toBe(active);
  });
});

describe('work for a few numbers', () => {
  it('is done by the CPU kernels at once, without a program, with the same results', async () => {
    await setBackend('cpu');
    await prepareOnnx({ threads: 1 });
    await setBackend('onnx');
    const programs = onnx().programs;
    const x = tensor1d([1, 2, 3]);
    expect(read(tidy(() => sum(square(sub(x, 2)))))).toEqual([2]);
    expect(onnx().programs).toBe(programs);
    expect([...onnx().slowKernels]).toEqual([]);
    const large = zeros([4096]);
    expect(read(sum(add(large, 1)))).toEqual([4096]);
    expect(onnx().programs).toBe(programs + 1);
    dispose([x, large]);
  });
});
