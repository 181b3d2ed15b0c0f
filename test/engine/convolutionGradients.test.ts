import { conv2d, conv2dTranspose, depthwiseConv2d, type Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSame, gradientsOf, on, randomValues, useBothBackends } from './backends.js';

useBothBackends();

type Pad = 'same' | 'valid' | [[number, number], [number, number], [number, number], [number, number]];

const small = fc.integer({ min: 0, max: 2 });
const pads: fc.Arbitrary<Pad> = fc.oneof(
  fc.constant<Pad>('same'),
  fc.constant<Pad>('valid'),
  fc.tuple(small, small, small, small).map(
    ([top, bottom, left, right]): Pad => [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
  ),
);

const convolutions = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 5, max: 9 }),
  width: fc.integer({ min: 5, max: 11 }),
  channels: fc.integer({ min: 1, max: 14 }),
  filters: fc.integer({ min: 1, max: 14 }),
  multiplier: fc.integer({ min: 1, max: 3 }),
  filterHeight: fc.integer({ min: 1, max: 4 }),
  filterWidth: fc.integer({ min: 1, max: 5 }),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pad: pads,
  seed: fc.integer({ min: 0, max: 1e6 }),
});

describe('gradients of conv2d on wasm', () => {
  it('equal those of the cpu backend for any size, stride and padding', () =>
    fc.assert(
      fc.asyncProperty(convolutions, async (c) => {
        const x = randomValues([c.batch, c.height, c.width, c.channels], c.seed);
        const w = randomValues([c.filterHeight, c.filterWidth, c.channels, c.filters], c.seed + 1);
        await expectSame(
          [x, w],
          gradientsOf((image, filter) => conv2d(image!, filter!, c.strides, c.pad)),
        );
      }),
      { numRuns: 35 },
    ));

  it('equal central differences, which for a function linear in each input are exact', async () => {
    const x = randomValues([2, 5, 6, 3], 1);
    const w = randomValues([3, 2, 3, 5], 2);
    const step = 0.5;
    for (const strides of [1, 2] as const) {
      const compute = (image: Tensor4D, filter: Tensor4D) => conv2d(image, filter, strides, 'same');
      const [dx, dw] = await on('wasm', [x, w], gradientsOf(compute));
      const [output] = await on('wasm', [x, w], compute);
      const weights = randomValues(output!.shape, 99).data;
      const total = async (image: Float32Array, filter: Float32Array) => {
        const [y] = await on(
          'wasm',
          [
            { ...x, data: image },
            { ...w, data: filter },
          ],
          compute,
        );
        return y!.data.reduce((sum, value, i) => sum + value * weights[i]!, 0);
      };
      for (const at of [0, 17, 44, 89]) {
        const moved = (by: number) => x.data.map((value, i) => (i === at ? value + by : value));
        const slope = ((await total(moved(step), w.data)) - (await total(moved(-step), w.data))) / (2 * step);
        expect(dx!.data[at]).toBeCloseTo(slope, 3);
      }
      for (const at of [0, 31, 60, 89]) {
        const moved = (by: number) => w.data.map((value, i) => (i === at ? value + by : value));
        const slope = ((await total(x.data, moved(step))) - (await total(x.data, moved(-step)))) / (2 * step);
        expect(dw!.data[at]).toBeCloseTo(slope, 3);
      }
    }
  });

  it('are right by hand: 1 x 3 image [1, 2, 3], filter [10, 20] valid, dy = 1: dx = [10, 30, 20], dw = [3, 5]', async () => {
    const x = { shape: [1, 1, 3, 1], data: Float32Array.of(1, 2, 3) };
    const w = { shape: [1, 2, 1, 1], data: Float32Array.of(10, 20) };
    const one = { shape: [1, 1, 2, 1], data: Float32Array.of(1, 1) };
    const { grads } = await import('@tensorflow/tfjs-core');
    const [dx, dw] = await on('wasm', [x, w, one], (image, filter, dy) =>
      grads((a, b) => conv2d(a as Tensor4D, b as Tensor4D, 1, 'valid'))([image!, filter!], dy!),
    );
    expect(Array.from(dx!.data)).toEqual([10, 30, 20]);
    expect(Array.from(dw!.data)).toEqual([3, 5]);
  });
});

describe('conv2dTranspose on wasm', () => {
  it('and its gradients equal those of the cpu backend', () =>
    fc.assert(
      fc.asyncProperty(convolutions, fc.constantFrom('same' as const, 'valid' as const), async (c, pad) => {
        const x = randomValues([c.batch, c.height, c.width, c.channels], c.seed);
        const w = randomValues([c.filterHeight, c.filterWidth, c.filters, c.channels], c.seed + 1);
        const [s, t] = c.strides;
        const size = (n: number, k: number, by: number) => (pad === 'same' ? n * by : (n - 1) * by + k);
        const shape: [number, number, number, number] = [
          c.batch,
          size(c.height, c.filterHeight, s),
          size(c.width, c.filterWidth, t),
          c.filters,
        ];
        const compute = (image: Tensor4D, filter: Tensor4D) => conv2dTranspose(image, filter, shape, c.strides, pad);
        await expectSame([x, w], compute);
        await expectSame([x, w], gradientsOf(compute));
      }),
      { numRuns: 15 },
    ));
});

describe('gradients of depthwiseConv2d on wasm', () => {
  it('equal those of the cpu backend for any size, stride, padding and channel multiplier', () =>
    fc.assert(
      fc.asyncProperty(convolutions, async (c) => {
        const x = randomValues([c.batch, c.height, c.width, c.channels], c.seed);
        const w = randomValues([c.filterHeight, c.filterWidth, c.channels, c.multiplier], c.seed + 1);
        await expectSame(
          [x, w],
          gradientsOf((image, filter) => depthwiseConv2d(image!, filter!, c.strides, c.pad)),
        );
      }),
      { numRuns: 35 },
    ));
});
