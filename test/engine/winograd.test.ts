import { conv2d, fused, type Tensor4D, tensor1d } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectClose, expectSame, gradientsOf, on, randomValues, useBothBackends } from './backends.js';

useBothBackends();

const even = fc.integer({ min: 1, max: 9 }).map((half) => 2 * half);
const channels = fc.constantFrom(4, 8, 12, 20);
const pad = fc.constantFrom<'same' | 'valid' | number>('same', 'valid', 1, 2);

describe('3 x 3 convolutions by tiles of 2 x 2 pixels', () => {
  it('equal the cpu backend, with both gradients, wherever the tiles and the padding fall', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        ...[even, even, channels, channels],
        ...[pad, fc.integer({ min: 0, max: 1e6 })],
        async (batch, height, width, inner, outer, padding, seed) => {
          // Enough pixels for the fast path, in one direction or the other.
          const shape = [batch, height + 14, width + 16, inner];
          const inputs = [randomValues(shape, seed), randomValues([3, 3, inner, outer], seed + 1)];
          const run = (x: Tensor4D, filter: Tensor4D) => conv2d(x, filter, 1, padding);
          await expectSame(inputs, run, 4e-6);
          await expectSame(inputs, gradientsOf(run), 4e-6);
        },
      ),
      { numRuns: 8 },
    ));

  it('add a bias and cut at zero in the same pass', () => {
    const bias = randomValues([8], 3);
    const run = (x: Tensor4D, filter: Tensor4D) =>
      fused.conv2d({ x, filter, strides: 1, pad: 'same', bias: tensor1d(bias.data), activation: 'relu' });
    return expectSame([randomValues([1, 18, 16, 4], 1), randomValues([3, 3, 4, 8], 2)], run, 4e-6);
  });

  it('give 4 x 9 inside, 4 x 6 at the edges and 4 x 4 in the corners for ones of 4 channels', async () => {
    const ones = (shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)).fill(1) });
    const [sums] = await on('wasm', [ones([1, 16, 16, 4]), ones([3, 3, 4, 4])], (x, f) => conv2d(x, f, 1, 1));
    const expected = Float32Array.from({ length: 16 * 16 * 4 }, (_, i) => {
      const [row, column] = [Math.floor(i / 64), Math.floor(i / 4) % 16];
      const reach = (at: number) => (at === 0 || at === 15 ? 2 : 3);
      return 4 * reach(row) * reach(column);
    });
    expectClose([sums!], [{ shape: [1, 16, 16, 4], data: expected }], 1e-6);
  });
});
