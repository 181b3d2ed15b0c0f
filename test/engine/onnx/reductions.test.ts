import {
  all,
  any,
  argMax,
  argMin,
  cumsum,
  type DataType,
  logSoftmax,
  logSumExp,
  max,
  mean,
  min,
  mul,
  prod,
  softmax,
  square,
  sum,
  type Tensor,
  topk,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, expectSame, gradientsOf, numbers, on, random, useOnnxBackend } from './compare.js';

useOnnxBackend();

const seed = fc.integer({ min: 0, max: 1e6 });
const reduced = fc
  .array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 })
  .chain((shape) => fc.tuple(fc.constant(shape), fc.subarray([...shape.keys()]), fc.boolean(), seed));
const dtypes = fc.constantFrom<DataType>('float32', 'int32', 'bool');

/** Rows that hold what is no number, or infinite, here and there; repeated until ONNX Runtime uses other loops too. */
const ODD = [
  [1, NaN, 2],
  [NaN, 1, 2],
  [1, 2, NaN],
  [-Infinity, -Infinity, -Infinity],
  [Infinity, NaN, 0],
  [Infinity, Infinity, 0],
  [3, 1, 3],
  [NaN, NaN, NaN],
  [-Infinity, Infinity, 0],
];
const ODD_ROWS = numbers([9, 3], ODD.flat());
const LONG_ROWS = numbers(
  [9, 60],
  ODD.flatMap((row) => [...row, ...new Array<number>(57).fill(row[2]!)]),
);

describe('reductions on onnx', () => {
  it.each(Object.entries({ sum, mean, max, min, prod }))('%s equals the cpu backend over any axes', (_, reduce) =>
    fc.assert(
      fc.asyncProperty(reduced, dtypes, async ([shape, axes, keep, at], dtype) => {
        await expectSame([random(shape, at, dtype)], (x) => (reduce as typeof sum)(x!, axes, keep));
      }),
      { numRuns: 12 },
    ),
  );

  it.each(Object.entries({ max, min }))('%s of few classes keeps what is not a number', async (_, reduce) => {
    for (const classes of [1, 2, 3, 4, 5]) {
      const data = Array.from({ length: 2 * 8 * 8 * classes }, (_, i) => ODD.flat()[(i * 5) % 27]! + (i % 7));
      await expectSame([numbers([2, 8, 8, classes], data)], (x) => [reduce(x!, 3), reduce(x!, 3, true), reduce(x!, 1)]);
    }
  });

  it.each(Object.entries({ all, any }))('%s equals the cpu backend over any axes', (_, reduce) =>
    fc.assert(
      fc.asyncProperty(reduced, async ([shape, axes, keep, at]) => {
        await expectSame([random(shape, at, 'bool')], (x) => reduce(x!, axes, keep));
      }),
      { numRuns: 6 },
    ),
  );

  it.each(Object.entries({ argMax, argMin }))('%s equals the cpu backend, of equal numbers the first', (_, find) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        seed,
        dtypes,
        async (shape, at, dtype) => {
          await expectSame([random(shape, at, dtype)], (x) => find(x!, at % shape.length));
        },
      ),
      { numRuns: 8 },
    ),
  );

  it.each(Object.entries({ sum, mean, max, min, argMax, argMin, softmax }))(
    '%s equals the cpu backend where there is no number',
    async (_, reduce) => {
      for (const rows of [ODD_ROWS, LONG_ROWS]) await expectSame([rows], (x) => (reduce as typeof argMax)(x!, 1));
      if (reduce !== (softmax as unknown)) await expectSame([LONG_ROWS], (x) => (reduce as typeof argMax)(x!, 0));
    },
  );

  it('sums and products of whole numbers go on where int32 ends', () =>
    expectSame([numbers([4], [2e9, 2e9, 3, -1], 'int32'), numbers([3], [-60_000, 70_000, 9], 'int32')], (x, y) => [
      sum(x!),
      prod(y!),
      cumsum(x!),
    ]));

  it('no axes leave a tensor as it is', () =>
    expectSame([random([2, 3], 1)], (x) => [sum(x!, []), max(x!, []), mean(x!, [])]));

  it.each([
    [[1_000_000], [0]],
    [
      [1000, 1000],
      [0, 1],
    ],
    [[262_144, 3], [0]],
    [[3, 99_991], [1]],
    [[99_991, 2], [0]],
    [
      [2, 256, 256, 8],
      [0, 1, 2],
    ],
    [[2, 256, 256, 2], [3]],
  ])('sums and means over many numbers of one sign are exact to 1e-5: %j over %j', async (shape, axes) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const x = numbers(
      shape,
      Array.from({ length: size }, (_, i) => 0.1 + (i % 7) / 70),
    );
    await expectSame([x], (a) => [sum(a!, axes), mean(a!, axes)], { absolute: 0, relative: 3e-6 });
  });

  it('gradients of sums, means, extremes, softmax and logSumExp equal the cpu backend', () =>
    fc.assert(
      fc.asyncProperty(reduced, async ([shape, axes, keep, at]) => {
        const x = random(shape, at);
        await expectSame(
          [x],
          gradientsOf((a) => sum(square(a!), axes, keep)),
        );
        await expectSame(
          [x],
          gradientsOf((a) => mean(mul(a!, a!), axes, keep)),
        );
        await expectSame(
          [x],
          gradientsOf((a) => max(a!, axes, keep)),
        );
        await expectSame(
          [x],
          gradientsOf((a) => min(a!, axes, keep)),
        );
        await expectSame(
          [x],
          gradientsOf((a) => logSumExp(a!, axes, keep)),
        );
        if (shape.length > 0) {
          await expectSame(
            [x],
            gradientsOf((a) => softmax(a!)),
          );
          await expectSame(
            [x],
            gradientsOf((a) => logSoftmax(a!)),
          );
        }
      }),
      { numRuns: 5 },
    ));
});

describe('softmax on onnx', () => {
  it.each([[[7]], [[3, 2]], [[2, 4, 5, 2]], [[2, 4, 5, 9]], [[2, 3, 4, 5, 6]]])('%j', (shape) =>
    expectSame([random(shape, 5)], (x) => [softmax(x!), logSoftmax(x!)]),
  );

  it('is 0 and 1 for numbers far apart', () =>
    expectSame([numbers([2, 3], [1000, -1000, 0, -500, -500, -2000])], (x) => [softmax(x!), logSoftmax(x!)]));
});

describe('sorting on onnx', () => {
  it('topk gives the largest, of equal ones the first', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
        seed,
        fc.constantFrom<DataType>('float32', 'int32'),
        async (shape, at, dtype) => {
          const count = 1 + (at % shape.at(-1)!);
          await expectSame([random(shape, at, dtype)], (x) => {
            const { values, indices } = topk(x!, count);
            return [values, indices];
          });
        },
      ),
      { numRuns: 10 },
    ));

  it('cumsum equals the cpu backend along any axis, from either end, with and without the number itself', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        seed,
        dtypes,
        fc.boolean(),
        fc.boolean(),
        async (shape, at, dtype, exclusive, reverse) => {
          await expectSame([random(shape, at, dtype)], (x) => cumsum(x!, at % shape.length, exclusive, reverse));
        },
      ),
      { numRuns: 10 },
    ));

  it('cumsum of a long row, with an infinite number, and its gradient', async () => {
    const row = random([30_000], 8);
    await expectSame([row], (x) => cumsum(x!), { absolute: 1e-4 });
    await expectSame([numbers([5], [1, Infinity, 2, -Infinity, 3])], (x) => cumsum(x!));
    await expectSame(
      [random([3, 4], 9)],
      gradientsOf((x) => cumsum(x!, 1, true)),
    );
  });
});

it('an axis that there is not is complained about when the operation is called', async () => {
  const compute = (x: Tensor) => sum(x, 2);
  await expect(on('onnx', [random([2, 3], 1)], compute)).rejects.toThrow(/axis/);
  expectClose(
    await on('onnx', [random([2, 3], 1)], (x) => sum(x!, -1)),
    await on('cpu', [random([2, 3], 1)], (x) => sum(x!, 1)),
  );
});
