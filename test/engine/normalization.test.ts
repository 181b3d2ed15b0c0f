import {
  conv2d,
  grads,
  maxPool,
  mean,
  mul,
  setBackend,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor,
  tidy,
  variable,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { adamW } from 'segkit/training';
import { describe, expect, it } from 'vitest';
import { activate } from '../../src/models/layers/activate.js';
import { hasKernel } from '../../src/models/layers/fusedKernels.js';
import { type NormActivation, normalizeBatch } from '../../src/models/layers/normalizeBatch.js';
import { expectClose, expectSame, gradientsOf, on, randomValues, useBothBackends } from './backends.js';

useBothBackends();

const seed = fc.integer({ min: 0, max: 1e6 });

function normalized(activation: NormActivation) {
  const onStatistics = () => {};
  return (x: Tensor4D, gamma: Tensor, beta: Tensor) =>
    normalizeBatch(x, gamma as Tensor1D, beta as Tensor1D, { epsilon: 1e-5, activation, onStatistics });
}

describe('batch normalisation in few passes on wasm', () => {
  it('is found by its name', async () => {
    await setBackend('wasm');
    const names = ['SegkitMoments', 'SegkitNormalize', 'SegkitNormalizeGradient', 'SegkitReluGradient'] as const;
    expect(names.map(hasKernel)).toEqual([true, true, true, true]);
    await setBackend('cpu');
    expect(names.map(hasKernel)).toEqual([false, false, false, false]);
    await setBackend('wasm');
  });

  it('equals the composed operations on the cpu backend, with all gradients', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 2, max: 13 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 24, 33),
        fc.constantFrom('linear' as const, 'relu' as const),
        seed,
        async (batch, height, width, channels, activation, number) => {
          const inputs = [
            randomValues([batch, height, width, channels], number),
            randomValues([channels], number + 1),
            randomValues([channels], number + 2),
          ];
          await expectSame(inputs, normalized(activation), 1e-4);
          await expectSame(inputs, gradientsOf(normalized(activation) as (...all: Tensor4D[]) => Tensor), 2e-3);
        },
      ),
      { numRuns: 25, seed: 11 },
    ));

  it('has mean 3 and variance 1 of 2, 4, 2, 4: values -1, 1, -1, 1, cut to 0, 1, 0, 1', async () => {
    const x = { shape: [1, 2, 2, 1], data: Float32Array.of(2, 4, 2, 4) };
    const ones = { shape: [1], data: Float32Array.of(1) };
    const zeros = { shape: [1], data: Float32Array.of(0) };
    const [linear] = await on('wasm', [x, ones, zeros], normalized('linear'));
    expectClose([linear!], [{ shape: [1, 2, 2, 1], data: Float32Array.of(-1, 1, -1, 1) }]);
    const [relu] = await on('wasm', [x, ones, zeros], normalized('relu'));
    expectClose([relu!], [{ shape: [1, 2, 2, 1], data: Float32Array.of(0, 1, 0, 1) }]);
  });

  it('keeps its precision where the mean is far from zero', async () => {
    const x = randomValues([2, 40, 40, 8], 5);
    const far = { shape: x.shape, data: x.data.map((value) => 1000 + value) };
    const parts = [randomValues([8], 6), randomValues([8], 7)];
    const [near] = await on('cpu', [x, ...parts], normalized('linear'));
    expectClose(await on('wasm', [far, ...parts], normalized('linear')), [near!], 1e-3);
  });

  it('passes a value that is no number on through ReLU, so that training sees it', async () => {
    const x = { shape: [1, 2, 2, 8], data: new Float32Array(32).fill(1) };
    x.data[3] = Number.NaN;
    const ones = { shape: [8], data: new Float32Array(8).fill(1) };
    const [values] = await on('wasm', [x, ones, ones], normalized('relu'));
    expect(Array.from(values!.data.slice(0, 8), Number.isNaN)).toEqual([...'00010000'].map((bit) => bit === '1'));
  });

  it('gives the gradient of ReLU and leaky ReLU in one pass', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('relu', 'leakyRelu'),
        seed,
        async (n, name, s) => {
          const run = gradientsOf((x: Tensor4D) => activate(x, name as 'relu'));
          await expectSame([randomValues([1, 1, n, 3], s)], run);
        },
      ),
      { numRuns: 10 },
    ));
});

describe('adamW in one pass on wasm', () => {
  it('gives the very numbers of its single operations, for any size', async () => {
    for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 31]) {
      const steps = async (name: 'cpu' | 'wasm') => {
        await setBackend(name);
        const optimizer = adamW(1e-2, { weightDecay: 0.1 });
        const start = tensor(randomValues([size], 1).data);
        const weight = variable(start, true, `weight ${name} ${size}`);
        for (let step = 2; step < 6; step++) {
          const gradient = tensor(randomValues([size], step).data);
          optimizer.applyGradients({ [weight.name]: gradient });
          gradient.dispose();
        }
        const data = Float32Array.from(weight.dataSync());
        for (const owner of [start, weight, optimizer]) owner.dispose();
        return { shape: [size], data };
      };
      expectClose([await steps('wasm')], [await steps('cpu')], 1e-6);
    }
  });
});

describe('geometry that the wasm backend answers with a broken heap', () => {
  const zeros = (shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });

  it('refuses windows larger than the padded image', async () => {
    const filter = (x: Tensor4D, f: Tensor4D) => conv2d(x, f, 1, 'valid');
    await expect(on('wasm', [zeros([1, 2, 2, 1]), zeros([3, 3, 1, 1])], filter)).rejects.toThrow(
      'The filter must fit into the padded image, got 3 x 3 for an image of 2 x 2.',
    );
    await expect(on('wasm', [zeros([1, 1, 4, 1])], (x) => maxPool(x, 2, 2, 'valid'))).rejects.toThrow(
      'The window must fit into the padded image, got 2 x 2 for an image of 1 x 4.',
    );
  });

  it('takes oblong filters with a numeric padding, or refuses them', async () => {
    const run = (x: Tensor4D, f: Tensor4D) => conv2d(x, f, 1, 1);
    await expectSame([randomValues([1, 6, 9, 2], 1), randomValues([2, 4, 2, 3], 2)], run);
    await expect(on('wasm', [zeros([1, 6, 9, 2]), zeros([5, 2, 2, 3])], run)).rejects.toThrow(
      'The wasm backend needs a square filter with padding 1, got 5 x 2; give the padding of every side.',
    );
    await expect(on('wasm', [zeros([1, 6, 9, 2])], (x) => maxPool(x, [3, 2], 1, 1))).rejects.toThrow(
      'MaxPool on wasm needs a square window with padding 1, got 3 x 2; give the padding of every side.',
    );
  });

  it('sums nothing to 0', async () => {
    await expectSame([{ shape: [2, 3, 0], data: new Float32Array(0) }], (x) => [sum(x, 2), mean(x, 2), sum(x)]);
  });
});

it('batch normalisation leaves nothing behind', async () => {
  await setBackend('wasm');
  tidy(() => {
    const x = tensor(randomValues([1, 4, 4, 8], 1).data, [1, 4, 4, 8]) as Tensor4D;
    const one = tensor(new Float32Array(8).fill(1));
    const [dx] = grads((...all: Tensor[]) => sum(mul(normalized('relu')(...(all as [Tensor4D, Tensor, Tensor])), 2)))([
      x,
      one,
      one,
    ]);
    expect(dx!.shape).toEqual([1, 4, 4, 8]);
  });
});
