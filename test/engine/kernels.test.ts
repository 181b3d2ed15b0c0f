import {
  add,
  avgPool,
  batchNorm,
  cast,
  concat,
  conv2d,
  depthwiseConv2d,
  div,
  equal,
  gather,
  grad,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  maxPool,
  mean,
  mul,
  notEqual,
  oneHot,
  relu,
  slice,
  split,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor1d,
  tile,
  unsortedSegmentSum,
  where,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, expectSame, gradientsOf, on, randomValues, useBothBackends, type Values } from './backends.js';

useBothBackends();

const side = fc.integer({ min: 1, max: 7 });
const seed = fc.integer({ min: 0, max: 1e6 });
const shapes = fc.tuple(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 4, max: 12 }),
  side,
  fc.integer({ min: 1, max: 19 }),
);

/** A shape that broadcasts to the given one: some axes 1, some leading axes absent. */
function broadcastable(shape: readonly number[], bits: number, drop: number): number[] {
  return shape.map((size, axis) => ((bits >> axis) & 1 ? size : 1)).slice(drop);
}

describe('sum and mean on wasm', () => {
  it('equal the cpu backend over any axes, with their gradients', () =>
    fc.assert(
      fc.asyncProperty(shapes, fc.subarray([0, 1, 2, 3]), fc.boolean(), seed, async (shape, axes, keep, number) => {
        const x = randomValues(shape, number);
        await expectSame([x], (a) => [sum(a!, axes, keep), mean(a!, axes, keep)]);
        await expectSame(
          [x],
          gradientsOf((a) => add(sum(a!, axes, keep), mean(square(a!), axes, keep))),
        );
      }),
      { numRuns: 12 },
    ));

  it('a mean of 200,000 times 0.1 is 0.1 to six digits: sums run in blocks', async () => {
    const x = { shape: [1000, 200, 1, 1], data: new Float32Array(200_000).fill(0.1) };
    const [result] = await on('wasm', [x], (a) => mean(a!));
    expect(Math.abs(result!.data[0]! - 0.1)).toBeLessThan(2e-7);
  });

  it('so do sums of several long rows, the last axis of which is summed', async () => {
    const x = { shape: [3, 100_000], data: new Float32Array(300_000).fill(0.1) };
    const [sums, means] = await on('wasm', [x], (a) => [sum(a!, 1), mean(a!, -1, true)]);
    expect(sums!.shape).toEqual([3]);
    expect(means!.shape).toEqual([3, 1]);
    for (const total of sums!.data) expect(Math.abs(total - 10_000)).toBeLessThan(0.02);
    for (const average of means!.data) expect(Math.abs(average - 0.1)).toBeLessThan(2e-7);
  });
});

describe('arithmetic and comparisons with broadcasting on wasm', () => {
  it('equal the cpu backend, with gradients', () =>
    fc.assert(
      fc.asyncProperty(shapes, fc.nat(15), fc.nat(3), seed, async (shape, bits, drop, number) => {
        const x = randomValues(shape, number);
        const y = randomValues(broadcastable(shape, bits, drop), number + 1);
        const positive = { ...y, data: y.data.map((value) => Math.abs(value) + 0.5) };
        const pairs = [
          [x, positive],
          [positive, x],
        ] as const;
        for (const pair of pairs) await expectSame(pair, (a, b) => [add(a!, b!), sub(a!, b!), mul(a!, b!)]);
        await expectSame([x, positive], (a, b) => div(a!, b!));
        await expectSame(
          [x, positive],
          gradientsOf((a, b) => sub(mul(a!, b!), div(a!, b!))),
        );
        const rounded = [x, y].map(({ data, ...rest }) => ({ ...rest, data: data.map((v) => Math.round(2 * v)) }));
        const truth = (a: Tensor, b: Tensor) =>
          [equal, notEqual, less, lessEqual, greater, greaterEqual].map((compare) => cast(compare(a, b), 'float32'));
        await expectSame(rounded, (a, b) => truth(a!, b!));
        await expectSame([...rounded].reverse(), (b, a) => truth(b!, a!));
        await expectSame(rounded, (a, b) => cast(logicalAnd(greater(a!, 0), less(a!, b!)), 'float32'));
      }),
      { numRuns: 12 },
    ));

  it('a cast to bool is true for 256, 0.5 and -1 and false for 0', async () => {
    const x = { shape: [4], data: Float32Array.of(256, 0.5, -1, 0) };
    const [result] = await on('wasm', [x], (a) => cast(cast(a!, 'bool'), 'float32'));
    expect(Array.from(result!.data)).toEqual([1, 1, 1, 0]);
  });
});

describe('copies on wasm', () => {
  it('tile, concat, split and slice equal the cpu backend, with gradients', () =>
    fc.assert(
      fc.asyncProperty(
        shapes,
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
        fc.nat(3),
        seed,
        async (shape, reps, axis, number) => {
          const x = randomValues(shape, number);
          const y = randomValues(
            shape.map((size, i) => (i === axis ? size + 2 : size)),
            number + 1,
          );
          const begin = shape.map((size) => Math.floor(size / 3));
          const end = shape.map((size, i) => (i === axis ? size - begin[i]! : size));
          const from = begin.map((value, i) => (i === axis ? value : 0));
          const some = (a: Tensor4D) => slice(a, from, end);
          const inner = (a: Tensor4D) =>
            slice(
              a,
              begin,
              shape.map((size, i) => size - begin[i]!),
            );
          await expectSame([x], (a) => [tile(a!, reps), some(a!), inner(a!)]);
          await expectSame(
            [x],
            gradientsOf((a) => tile(mul(a!, a!), reps)),
          );
          await expectSame(
            [x],
            gradientsOf((a) => some(mul(a!, a!) as Tensor4D)),
          );
          await expectSame(
            [x, y],
            gradientsOf((a, b) => concat([a!, mul(b!, b!), a!], axis)),
          );
          const sizes = [1, shape[axis]! + 1];
          await expectSame([x, y], (_, b) => split(b!, sizes, axis));
          await expectSame(
            [y],
            gradientsOf((b) => mul(split(b!, sizes, axis)[1]!, 2)),
          );
        },
      ),
      { numRuns: 15 },
    ));

  it('a clone shares the data, and both are freed one after the other', async () => {
    const [first] = await on('wasm', [randomValues([600], 1)], (a) => {
      const copy = a!.clone();
      a!.dispose();
      return copy;
    });
    expect(first!.data).toEqual(randomValues([600], 1).data);
  });
});

describe('pooling on wasm', () => {
  it('gradients equal the cpu backend, also where a window has its maximum twice', () =>
    fc.assert(
      fc.asyncProperty(
        shapes,
        side,
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('same' as const, 'valid' as const),
        seed,
        async ([batch, height, width, channels], size, strides, pad, number) => {
          const window = Math.min(size, height, width);
          const x = randomValues([batch, height, width, channels], number);
          const ties = { ...x, data: x.data.map((value) => Math.round(value)) };
          for (const input of [x, ties]) {
            await expectSame(
              [input],
              gradientsOf((a) => maxPool(a!, window, strides, pad)),
            );
            await expectSame(
              [input],
              gradientsOf((a) => avgPool(a!, window, strides, pad)),
            );
          }
        },
      ),
      { numRuns: 15 },
    ));

  it('the first of equal maxima gets all: window [1, 1; 0, 1], dy = 5 gives [5, 0; 0, 0]', async () => {
    const x = { shape: [1, 2, 2, 1], data: Float32Array.of(1, 1, 0, 1) };
    const dy = { shape: [1, 1, 1, 1], data: Float32Array.of(5) };
    const [dx] = await on('wasm', [x, dy], (a, b) => grad((c) => maxPool(c as Tensor4D, 2, 2, 'valid'))(a!, b!));
    expect(Array.from(dx!.data)).toEqual([5, 0, 0, 0]);
  });
});

/** The filter with zeros between its taps. */
function dilate({ shape, data }: Values, [down, along]: readonly [number, number]): Values {
  const [height, width, inner, outer] = shape as [number, number, number, number];
  const spread = [(height - 1) * down + 1, (width - 1) * along + 1, inner, outer] as const;
  const result = new Float32Array(spread[0] * spread[1] * inner * outer);
  data.forEach((value, i) => {
    const [tap, rest] = [Math.floor(i / (inner * outer)), i % (inner * outer)];
    const [row, column] = [Math.floor(tap / width), tap % width];
    result[(row * down * spread[1] + column * along) * inner * outer + rest] = value;
  });
  return { shape: spread, data: result };
}

describe('dilated convolutions on wasm', () => {
  const dilations = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 3 }));
  const filters = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));

  it('have the gradients of the same convolution with zeros written into the filter', () =>
    fc.assert(
      fc.asyncProperty(
        shapes,
        filters,
        dilations,
        fc.boolean(),
        seed,
        async ([batch, height, , channels], taps, by, depthwise, number) => {
          const x = randomValues([batch, height, 9, channels], number);
          const w = randomValues([...taps, channels, 2], number + 1);
          const wide = dilate(w, by);
          const run = depthwise ? depthwiseConv2d : conv2d;
          const [dx, dw] = await on(
            'wasm',
            [x, w],
            gradientsOf((a, b) => run(a!, b!, 1, 'same', 'NHWC', by)),
          );
          const [dxWide, dwWide] = await on(
            'cpu',
            [x, wide],
            gradientsOf((a, b) => run(a!, b!, 1, 'same')),
          );
          expectClose([dx!], [dxWide!]);
          const ones = dilate({ ...w, data: w.data.map(() => 1) }, by).data;
          expectClose(
            [{ shape: w.shape, data: dw!.data }],
            [{ shape: w.shape, data: dwWide!.data.filter((_, i) => ones[i] === 1) }],
          );
        },
      ),
      { numRuns: 15 },
    ));
});

describe('batch normalisation, relu, gather and select on wasm', () => {
  it('batchNorm and its gradients equal the cpu backend', () =>
    fc.assert(
      fc.asyncProperty(shapes, seed, async (shape, number) => {
        const channels = shape[3];
        const inputs = [randomValues(shape, number), ...[1, 2, 3, 4].map((i) => randomValues([channels], number + i))];
        const compute = (x: Tensor4D, m: Tensor, v: Tensor, o: Tensor, s: Tensor) =>
          batchNorm(x, m as Tensor1D, add(square(v), 0.3) as Tensor1D, o as Tensor1D, s as Tensor1D, 1e-3);
        await expectSame(inputs, (x, m, v, o, s) => compute(x!, m!, v!, o!, s!));
        await expectSame(
          inputs,
          gradientsOf((x, m, v, o, s) => compute(x!, m!, v!, o!, s!)),
          1e-4,
        );
      }),
      { numRuns: 12 },
    ));

  it('relu has first and second gradients', async () => {
    const x = randomValues([2, 5, 7, 3], 5);
    const first = (a: Tensor) => grad((b) => sum(mul(b, mul(b, relu(b)))))(a);
    await expectSame([x], (a) => [first(a!), grad((b) => sum(first(b)))(a!)]);
  });

  it('batchNorm has second gradients', async () => {
    const inputs = [randomValues([2, 5, 7, 3], 5), randomValues([3], 6), randomValues([3], 7)];
    const first = (x: Tensor, m: Tensor, v: Tensor) =>
      grad((n) =>
        sum(square(batchNorm(x as Tensor4D, n as Tensor1D, square(v) as Tensor1D, v as Tensor1D, v as Tensor1D))),
      )(m);
    await expectSame(inputs, (x, m, v) => grad((y) => sum(square(first(y, m!, v!))))(x!), 1e-4);
  });

  it('gather, unsortedSegmentSum, where and oneHot equal the cpu backend', async () => {
    const x = randomValues([6, 2, 3, 4], 8);
    const ids = () => tensor1d([1, 0, 1, 4, 1, -1], 'int32');
    await expectSame(
      [x],
      gradientsOf((a) => gather(mul(a!, a!), tensor1d([2, 0, 2, 5], 'int32'))),
    );
    await expectSame(
      [x],
      gradientsOf((a) => gather(mul(a!, a!), tensor1d([3, 3, 1], 'int32'), 3)),
    );
    await expectSame([x], (a) => unsortedSegmentSum(a!, ids(), 4));
    await expectSame([x], (a) => where(greater(a!, 0), a!, mul(a!, 0.1)));
    await expectSame([x], () => cast(oneHot(tensor1d([0, 2, 1, 5], 'int32'), 3), 'float32'));
  });
});
