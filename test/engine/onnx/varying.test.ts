import {
  add,
  addN,
  cast,
  clipByValue,
  dispose,
  fill,
  gather,
  grads,
  linspace,
  memory,
  mul,
  oneHot,
  train as optimizers,
  pad,
  range,
  reshape,
  setBackend,
  slice,
  square,
  stridedSlice,
  sub,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { prepareOnnx } from '../../../src/engine/onnx/prepareOnnx.js';
import { expectClose, expectSame, type Numbers, numbers, on, onnxBackend, random, useOnnxBackend } from './compare.js';

useOnnxBackend();

type Case = (x: Tensor, i: number) => Tensor;

/** Computations in which a constant depends on i, 1 to 5. */
const CASES: Record<string, Case> = {
  'a scalar': (x, i) => mul(x, i),
  'a tensor of one number': (x, i) => add(x, fill([5], i + 0.5)),
  'a tensor of one whole number': (_, i) => fill([30], 16_777_217 * i, 'int32'),
  'negative zero': (x, i) => mul(x, fill([5], i % 2 ? -0 : 3)),
  'bounds around 0': (x, i) => clipByValue(x, -i / 4, i / 5),
  'bounds of whole numbers': (x, i) => clipByValue(cast(mul(x, 10), 'int32'), -i - 0.5, i + 0.5),
  'a rim': (x, i) =>
    pad(
      x,
      [
        [1, 0],
        [0, 2],
        [0, 0],
      ],
      i,
    ),
  'a rim of whole numbers': (x, i) =>
    pad(
      cast(x, 'int32'),
      [
        [1, 0],
        [0, 2],
        [0, 0],
      ],
      16_777_217 * i,
    ),
  'codes of classes': (x, i) => oneHot(cast(x, 'int32'), 3, 1 - i / 10, i / 10, 'float32'),
  'whole codes of classes': (x, i) => oneHot(cast(x, 'int32'), 3, 16_777_217 * i, -i),
  'rows of images': (x, i) => slice(x, [i, 0, 0], [2, 4, 5]),
  'a window': (x, i) => slice(x, [i, i % 3, i % 2], [3, 2, 3]),
  'every other row': (x, i) => stridedSlice(x, [i, 0, 0], [i + 4, 4, 5], [2, 1, 1]),
  'rows from the last': (x, i) => stridedSlice(x, [i + 1, 3, 0], [i - 9, 0, 5], [-1, -1, 1], 0b000, 0b010),
  'a single row': (x, i) => stridedSlice(x, [i, 1, 0], [i + 1, 4, 5], [1, 1, 1], 0, 0, 0, 0, 1),
  'rows by their numbers': (x, i) => gather(x, tensor([i, 0, i - 1], [3], 'int32')),
  'steps from a number': (x, i) => add(x, range(i, i + 5)),
  'numbers between two': (x, i) => mul(x, linspace(i, 2 * i, 5)),
  'a tensor drawn elsewhere': (x, i) => add(x, tensor([...random([4, 5], i).data], [4, 5])),
};

describe('constants that differ from call to call', () => {
  it.each(Object.entries(CASES))('%s: one graph for all, results equal to the cpu backend', async (_, compute) => {
    const x = random([8, 4, 5], 1);
    for (const i of [1, 2]) await expectSame([x], (a) => compute(a!, i));
    const { programs } = onnxBackend();
    for (const i of [3, 4, 5]) await expectSame([x], (a) => compute(a!, i));
    expect(onnxBackend().programs).toBe(programs);
  });

  it('slices of what waits keep their place in the graph, and slices of what is read give the same', async () => {
    const x = random([8, 4, 5], 1);
    const compute = (a: Tensor, isRead: boolean): Tensor => {
      const y = square(a);
      if (isRead) y.dataSync();
      return slice(y, [3, 1, 0], [2, 2, 5]);
    };
    const [read, waiting] = [
      await on('onnx', [x], (a) => compute(a!, true)),
      await on('onnx', [x], (a) => compute(a!, false)),
    ];
    expect(waiting).toEqual(read);
  });
});

/** A network of one convolution. */
function network() {
  const model = sequential();
  model.add(layers.conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 3, padding: 'same' }));
  return model;
}

describe('loops of the layers of TensorFlow.js over many batches', () => {
  it('fit, evaluate and predict use a few graphs, wherever in the data a batch lies', async () => {
    await setBackend('onnx');
    const before = memory().numTensors;
    const model = network();
    const optimizer = optimizers.sgd(0.01);
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const images = tensor([...random([1400, 4, 4, 1], 1).data], [1400, 4, 4, 1]);
    const truth = tensor([...random([1400, 4, 4, 2], 2).data], [1400, 4, 4, 2]);
    const { programs } = onnxBackend();
    await model.fit(images, truth, { epochs: 1, batchSize: 4, shuffle: false, verbose: 0 });
    expect(onnxBackend().programs - programs).toBeLessThan(12);
    const loss = model.evaluate(images, truth, { batchSize: 4 }) as Tensor;
    const result = model.predict(images, { batchSize: 4 }) as Tensor;
    const whole = model.predict(images, { batchSize: 1400 }) as Tensor;
    const error = tidy(() => sum(square(sub(result, truth))).dataSync()[0]! / (1400 * 32));
    expect(loss.dataSync()[0]).toBeCloseTo(error, 4);
    expect([...result.dataSync()]).toEqual([...whole.dataSync()]);
    // 350 batches in pieces of 1,024 calls: the first, the ones between, the last.
    expect(onnxBackend().programs - programs).toBeLessThan(24);
    dispose([images, truth, loss, result, whole]);
    optimizer.dispose();
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

describe('long recordings', () => {
  it('run in pieces where nobody reads, but for steps with gradients', async () => {
    const sizes: number[] = [];
    await setBackend('cpu');
    await prepareOnnx({ threads: 2, interpretUpTo: 0, onCompile: (calls) => void sizes.push(calls) });
    await setBackend('onnx');
    const x: Numbers = numbers([3], [1, 2, 3]);
    const loop = (a: Tensor): Tensor => {
      let y = a;
      for (let i = 0; i < 2000; i++) {
        const last = y;
        y = tidy(() => add(mul(last, 0.5), 1));
        if (i > 0) last.dispose();
      }
      return y;
    };
    const [result] = await on('onnx', [x], (a) => loop(a!));
    expect(result!.data).toEqual([2, 2, 2]);
    // 4,000 calls in pieces of 1,024, all but the last the same graph.
    expect(sizes).toEqual([1024, 4000 - 3 * 1024]);
    sizes.length = 0;
    const step = (a: Tensor): Tensor => {
      const [dx] = grads((v: Tensor) => {
        const terms = Array.from({ length: 900 }, (_, i) => mul(v, i));
        return sum(addN(terms));
      })([a]);
      return reshape(dx!, [3]);
    };
    const [gradient] = await on('onnx', [x], (a) => step(a!));
    expect(gradient!.data).toEqual([1, 1, 1].map(() => (899 * 900) / 2));
    expect(sizes).toHaveLength(1);
  });
});

it('little work, done by the CPU kernels, gives the same', async () => {
  const compute = (x: Tensor): Tensor[] => Object.values(CASES).map((one) => one(x, 2));
  const expected = await on('cpu', [random([8, 4, 5], 1)], (x) => compute(x!));
  await prepareOnnx({ threads: 1, interpretUpTo: 100_000 });
  expectClose(await on('onnx', [random([8, 4, 5], 1)], (x) => compute(x!)), expected);
  expect(onnxBackend().programs).toBe(0);
});
