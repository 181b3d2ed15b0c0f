import { grad, image, mul, sum, type Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectClose, on, randomValues, useBothBackends } from './backends.js';

useBothBackends();

const sizes = fc.integer({ min: 1, max: 5 });
const outSizes = fc.integer({ min: 1, max: 11 });
const modes = fc.constantFrom(
  { align: false, half: false },
  { align: true, half: false },
  { align: false, half: true },
);

// The cpu backend itself takes these gradients wrong: with several images, where height and width differ, and with half
// pixel centers. Resizing is linear, so the gradient follows from resizing every unit image.
it('gradients of resizing are the transpose of resizing, for both methods and all options', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom('nearest' as const, 'bilinear' as const),
      fc.tuple(sizes, sizes, outSizes, outSizes),
      fc.integer({ min: 1, max: 3 }),
      modes,
      async (method, [height, width, outHeight, outWidth], channels, { align, half }) => {
        const resize = method === 'nearest' ? image.resizeNearestNeighbor : image.resizeBilinear;
        const run = (x: Tensor4D) => resize(x, [outHeight, outWidth], align, half);
        const shape = [2, height, width, channels];
        const dy = randomValues([2, outHeight, outWidth, channels], 3);
        const actual = await on('wasm', [randomValues(shape, 4), dy], (x, d) =>
          grad((a) => run(a as Tensor4D))(x!, d!),
        );
        const size = 2 * height * width * channels;
        const expected = Float32Array.from({ length: size });
        for (let i = 0; i < size; i++) {
          const unit = { shape, data: Float32Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)) };
          const [value] = await on('wasm', [unit, dy], (x, d) => sum(mul(run(x!), d!)));
          expected[i] = value!.data[0]!;
        }
        expectClose(actual, [{ shape, data: expected }]);
      },
    ),
    { numRuns: 20 },
  ));

it('doubling by nearest: dy = [1, 2; 3, 4] gives 1 + 2 + 3 + 4 = 10, in every image of a batch', async () => {
  const x = { shape: [2, 1, 1, 1], data: Float32Array.of(0, 0) };
  const dy = { shape: [2, 2, 2, 1], data: Float32Array.of(1, 2, 3, 4, 10, 20, 30, 40) };
  const [dx] = await on('wasm', [x, dy], (a, b) =>
    grad((c) => image.resizeNearestNeighbor(c as Tensor4D, [2, 2]))(a!, b!),
  );
  expect(Array.from(dx!.data)).toEqual([10, 100]);
});
