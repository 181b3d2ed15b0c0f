import { backend, memory, type Tensor, tensor, tidy, train } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { expectClose, on, randomValues, useBothBackends, type Values } from './backends.js';
import { makeUnet, segmentationLoss } from './network.js';

useBothBackends();

const images = randomValues([2, 16, 16, 1], 1);
const targets = { ...images, data: images.data.map((value) => (value > 0.3 ? 1 : 0)) };

/** Weights after some steps of gradient descent from the same start, and the loss of each step. */
async function trainOn(
  name: 'cpu' | 'wasm',
  inputs: readonly Values[],
  up: 'nearest' | 'transposed',
): Promise<{ weights: Values[]; losses: number[] }> {
  const losses: number[] = [];
  const weights = await on(name, inputs, (x, y) => {
    const network = makeUnet({ size: 16, base: 4, seed: 3, up });
    const optimizer = train.sgd(0.5);
    for (let step = 0; step < 5; step++) {
      const loss = optimizer.minimize(
        () => segmentationLoss(y!, network.apply(x!, { training: true }) as Tensor),
        true,
      );
      losses.push(loss!.dataSync()[0]!);
    }
    const trained = network.getWeights().map((weight) => tensor(weight.dataSync(), weight.shape));
    network.dispose();
    optimizer.dispose();
    return trained;
  });
  return { weights, losses };
}

const one = (values: Values) => ({ shape: [1, 16, 16, 1], data: values.data.subarray(0, 256) });

it.each([
  { up: 'transposed' as const, inputs: [images, targets], title: 'on a batch of 2' },
  // tfjs-backend-cpu 4.22 takes the gradient of nearest upsampling from the wrong pixels in all but the first image.
  { up: 'nearest' as const, inputs: [one(images), one(targets)], title: 'on one image, with nearest upsampling' },
])('a U-Net has the same weights after 5 steps on wasm and on cpu $title, and learns', async ({ up, inputs }) => {
  const expected = await trainOn('cpu', inputs, up);
  const actual = await trainOn('wasm', inputs, up);
  expectClose(actual.weights, expected.weights, 1e-4);
  expect(actual.losses.at(-1)).toBeLessThan(actual.losses[0]!);
});

it('25 steps leave no tensors and no data', () => {
  tidy(() => {
    const [x, y] = [images, targets].map(({ data, shape }) => tensor(data, [...shape])) as [Tensor, Tensor];
    const network = makeUnet({ size: 16, base: 4, seed: 3, up: 'nearest' });
    const optimizer = train.adam(0.01);
    const step = () =>
      tidy(() => {
        optimizer.minimize(() => segmentationLoss(y, network.apply(x, { training: true }) as Tensor));
      });
    step();
    const [tensors, data] = [memory().numTensors, backend().numDataIds()];
    for (let i = 0; i < 25; i++) step();
    expect(memory().numTensors).toBe(tensors);
    expect(backend().numDataIds()).toBe(data);
    network.dispose();
    optimizer.dispose();
  });
});
