import {
  abs,
  acos,
  acosh,
  add,
  addN,
  asin,
  asinh,
  atan,
  atanh,
  cast,
  ceil,
  clipByValue,
  cos,
  cosh,
  type DataType,
  div,
  elu,
  equal,
  erf,
  exp,
  expm1,
  floor,
  floorDiv,
  greater,
  greaterEqual,
  isFinite as isFiniteOf,
  isInf,
  isNaN as isNaNOf,
  leakyRelu,
  less,
  lessEqual,
  log,
  log1p,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  minimum,
  mod,
  mul,
  neg,
  notEqual,
  pow,
  prelu,
  reciprocal,
  relu,
  relu6,
  round,
  rsqrt,
  selu,
  sigmoid,
  sign,
  sin,
  sinh,
  softplus,
  sqrt,
  square,
  squaredDifference,
  step,
  sub,
  type Tensor,
  tan,
  tanh,
  tensor,
  where,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSame, gradientsOf, numbers, on, random, type Tolerance, useOnnxBackend } from './compare.js';

useOnnxBackend();

const seed = fc.integer({ min: 0, max: 1e6 });
const shape = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 });

/** A shape that broadcasts to the given one: some axes 1, some leading axes absent. */
function broadcastable(whole: readonly number[], bits: number, drop: number): number[] {
  return whole.map((side, axis) => ((bits >> axis) & 1 ? side : 1)).slice(drop);
}

/** Two shapes that broadcast. */
const pairs = fc
  .tuple(shape, fc.nat(31), fc.nat(31), fc.nat(2))
  .map(
    ([whole, left, right, drop]) =>
      [
        broadcastable(whole, left | right, 0),
        broadcastable(whole, left & right ? right : ~left, Math.min(drop, whole.length)),
      ] as const,
  );

const SPECIAL = [NaN, Infinity, -Infinity, 0, 1e-30, 1, -1, 0.5, -0.5, 2.5, -2.5, 30, -30, 100, -100, 3e38, -20, 7, -7];

/** Every special number against every other. */
const LEFT = SPECIAL.flatMap((a) => SPECIAL.map(() => a));
const RIGHT = SPECIAL.flatMap(() => SPECIAL);

const CLOSE: Tolerance = { absolute: 3e-6, relative: 1e-5 };

const unary: Record<string, (x: Tensor) => Tensor> = {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  ceil,
  cos,
  cosh,
  elu,
  erf,
  exp,
  expm1,
  floor,
  leakyRelu: (x) => leakyRelu(x, 0.1),
  log,
  log1p,
  neg,
  reciprocal,
  relu,
  relu6,
  round,
  rsqrt,
  selu,
  sigmoid,
  sign,
  sin,
  sinh,
  softplus,
  sqrt,
  square,
  step: (x) => step(x),
  'step with a slope': (x) => step(x, 0.25),
  tan,
  tanh,
  'clipByValue around 0': (x) => clipByValue(x, -0.7, 1.2),
  'clipByValue above 0': (x) => clipByValue(x, 0.3, Infinity),
  isNaN: isNaNOf,
  isInf,
  isFinite: isFiniteOf,
};

describe('functions of one number on onnx', () => {
  it.each(Object.entries(unary))('%s equals the cpu backend, also where there is no number', async (_, compute) => {
    await expectSame([numbers([SPECIAL.length], SPECIAL)], compute, CLOSE);
    await expectSame([random([3, 4, 5], 1)], compute, CLOSE);
    await expectSame([random([], 2)], compute, CLOSE);
  });

  it('expm1 and log1p keep their digits near 0', async () => {
    const tiny = numbers([6], [1e-3, -1e-3, 1e-6, -2e-7, 1e-10, -1e-20]);
    await expectSame([tiny], (x) => [expm1(x!), log1p(x!)], { absolute: 0, relative: 3e-7 });
  });

  it.each(['abs', 'neg', 'square', 'sign', 'relu', 'relu6', 'round', 'exp', 'clipByValue around 0'])(
    '%s of whole numbers equals the cpu backend',
    (name) => expectSame([random([4, 7], 3, 'int32')], unary[name]!),
  );

  it('clips whole numbers where the bounds are none', () =>
    expectSame([random([40], 3, 'int32')], (x) => [clipByValue(x!, -2.5, 2.5), clipByValue(x!, -Infinity, 2)]));
});

const binary: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  add,
  sub,
  mul,
  div,
  floorDiv,
  mod,
  maximum,
  minimum,
  squaredDifference,
  equal,
  notEqual,
  greater,
  greaterEqual,
  less,
  lessEqual,
};

describe('functions of two numbers on onnx', () => {
  it.each(Object.entries(binary))('%s equals the cpu backend on any shapes', (_, compute) =>
    fc.assert(
      fc.asyncProperty(pairs, seed, fc.constantFrom<DataType>('float32', 'int32'), async ([left, right], at, dtype) => {
        await expectSame([random(left, at, dtype), random(right, at + 1, dtype)], (a, b) => compute(a!, b!), CLOSE);
        await expectSame([random(right, at, dtype), random(left, at + 1, dtype)], (a, b) => compute(a!, b!), CLOSE);
      }),
      { numRuns: 5 },
    ),
  );

  it.each(Object.entries(binary))('%s equals the cpu backend on infinite numbers and none', (_, compute) =>
    expectSame([numbers([LEFT.length], LEFT), numbers([RIGHT.length], RIGHT)], (a, b) => compute(a!, b!), CLOSE),
  );

  it.each(['div', 'floorDiv', 'mod'])('%s of whole numbers by 0 equals the cpu backend', (name) =>
    expectSame(
      [numbers([6], [5, -5, 0, 7, -7, -(2 ** 31)], 'int32'), numbers([6], [0, 0, 0, -2, 2, -1], 'int32')],
      (a, b) => binary[name]!(a!, b!),
    ),
  );

  it('pow equals the cpu backend on numbers, whole numbers, and special ones but 1 to no or infinite powers', async () => {
    await expectSame([random([3, 5], 1), random([5], 2)], (a, b) => pow(abs(a!), b!));
    await expectSame([random([3, 5], 1, 'int32'), numbers([5], [0, 1, 2, 3, 4], 'int32')], (a, b) => pow(a!, b!));
    const kept = [...LEFT.keys()].filter((i) => Number.isFinite(RIGHT[i]) || Math.abs(LEFT[i]!) !== 1);
    const take = (list: readonly number[]) =>
      numbers(
        [kept.length],
        kept.map((i) => list[i]!),
      );
    await expectSame([take(LEFT), take(RIGHT)], (a, b) => pow(a!, b!), CLOSE);
  });

  it('addN adds up to five tensors', () =>
    fc.assert(
      fc.asyncProperty(shape, seed, fc.integer({ min: 1, max: 5 }), async (sides, at, count) => {
        const inputs = Array.from({ length: count }, (_, i) => random(sides, at + i));
        await expectSame(inputs, (...all) => addN(all));
      }),
      { numRuns: 5 },
    ));

  it('prelu equals the cpu backend', async () => {
    await expectSame([random([2, 3, 3, 5], 1), random([5], 2)], (x, slope) => prelu(x!, slope!));
    await expectSame([numbers([SPECIAL.length], SPECIAL), random([1], 2)], (x, slope) => prelu(x!, slope!));
  });

  it('truth values combine, compare and select', async () => {
    const [a, b] = [random([3, 4], 1, 'bool'), random([4], 2, 'bool')];
    await expectSame([a, b], (x, y) => [logicalAnd(x!, y!), logicalOr(x!, y!), logicalNot(x!)]);
    await expectSame([a, b], (x, y) => [equal(x!, y!), notEqual(x!, y!), greater(x!, y!), lessEqual(x!, y!)]);
  });

  it('where selects, and nothing leaks from what is not selected', async () => {
    const special = numbers([SPECIAL.length], SPECIAL);
    const mask = random([SPECIAL.length], 5, 'bool');
    await expectSame([mask, special, random([SPECIAL.length], 6)], (c, x, y) => [where(c!, x!, y!), where(c!, y!, x!)]);
    await expectSame([random([3, 1], 7, 'bool'), random([4], 8, 'int32'), random([3, 4], 9)], (c, x, y) =>
      where(c!, x!, y!),
    );
    for (const dtype of ['int32', 'bool'] as const) {
      await expectSame([random([3, 4], 7, 'bool'), random([3, 4], 8, dtype), random([4], 9, dtype)], (c, x, y) =>
        where(c!, x!, y!),
      );
    }
  });
});

describe('casts on onnx', () => {
  const dtypes: DataType[] = ['float32', 'int32', 'bool'];
  it.each(dtypes.flatMap((from) => dtypes.map((to) => [from, to] as const)))('%s to %s', (from, to) =>
    expectSame([random([3, 7], 4, from)], (x) => cast(x!, to)),
  );

  it('of numbers that int32 does not hold wrap, and those that are none are 0, as in arrays of JavaScript', () =>
    expectSame([numbers([10], [NaN, Infinity, -Infinity, 3e9, -3e9, 1e10, 3e38, 1.9, -1.9, 2 ** 31])], (x) => [
      cast(x!, 'int32'),
      cast(x!, 'bool'),
    ]));
});

describe('large broadcasts on onnx', () => {
  // Large enough that operands are repeated before the operation.
  const large = [2, 24, 24, 20];
  it.each([
    ['one a channel', [20]],
    ['one a channel and image', [2, 1, 1, 20]],
    ['one a pixel', [2, 24, 24, 1]],
    ['one a column and channel', [24, 20]],
    ['one a row', [1, 24, 1, 1]],
    ['a single one', []],
  ])('%s', (_, small) =>
    expectSame([random(large, 1), random(small, 2)], (a, b) => [add(a!, b!), div(b!, a!), greater(a!, b!)]),
  );

  it('with few channels, and truth values or whole numbers a pixel', async () => {
    const few = [2, 80, 80, 2];
    await expectSame([random(few, 1), random([2, 80, 80, 1], 2)], (a, b) => [sub(a!, b!), mul(a!, b!)]);
    await expectSame([random([200, 100], 1), random([200, 1], 2)], (a, b) => sub(a!, b!));
    await expectSame([random(few, 1, 'int32'), random([2, 80, 80, 1], 2, 'int32')], (a, b) => sub(a!, b!));
    await expectSame([random([200, 100], 1, 'bool'), random([200, 1], 2, 'bool')], (a, b) => logicalAnd(a!, b!));
  });

  it('of one number with a channel of its own', () =>
    expectSame([random([2, 128, 96, 1], 7), random([], 8), random([1, 1], 9)], (x, a, b) => [
      mul(x!, a!),
      sub(b!, x!),
      maximum(add(x!, 0.25), mul(a!, b!)),
    ]));

  it('a number that is none stays where it is', async () => {
    const pixels = numbers(
      [4096, 1],
      Array.from({ length: 4096 }, (_, i) => (i === 100 ? NaN : i === 200 ? Infinity : i)),
    );
    await expectSame([random([4096, 8], 3), pixels], (a, b) => add(a!, b!));
  });
});

describe('gradients on onnx', () => {
  const smooth: Record<string, (x: Tensor) => Tensor> = { ...unary };
  for (const name of [
    'isNaN',
    'isInf',
    'isFinite',
    'step',
    'step with a slope',
    'acosh',
    'log',
    'rsqrt',
    'sqrt',
    'log1p',
  ]) {
    delete smooth[name];
  }
  for (const [name, compute] of Object.entries({ acosh, log, rsqrt, sqrt, log1p })) {
    smooth[`${name} of numbers above 1`] = (x) => compute(add(abs(x), 1.1));
  }
  for (const name of ['asin', 'acos', 'atanh']) {
    const compute = smooth[name]!;
    smooth[name] = (x) => compute(div(x, 2.5));
  }
  it.each(Object.entries(smooth))('of %s equals the cpu backend', (_, compute) =>
    expectSame(
      [random([2, 3, 4], 11)],
      gradientsOf((x) => compute(x!)),
      { absolute: 1e-5, relative: 1e-4 },
    ),
  );

  it.each(['maximum', 'minimum', 'squaredDifference'])('of %s', (name) =>
    expectSame(
      [random([3, 4], 1), random([3, 4], 2)],
      gradientsOf((a, b) => binary[name]!(a!, b!)),
    ),
  );

  it.each(['add', 'sub', 'mul', 'div', 'mod'])('of %s with broadcasting', (name) =>
    fc.assert(
      fc.asyncProperty(pairs, seed, async ([left, right], at) => {
        await expectSame(
          [random(left, at), random(right, at + 1)],
          gradientsOf((a, b) => binary[name]!(a!, b!)),
          { absolute: 1e-4, relative: 1e-4 },
        );
      }),
      { numRuns: 4 },
    ),
  );

  it('of pow, prelu, where, addN and casts', async () => {
    const [a, b, c] = [random([3, 4], 1), random([4], 2), random([3, 4], 3)];
    await expectSame(
      [a, b],
      gradientsOf((x, y) => pow(add(abs(x!), 0.5), y!)),
      { absolute: 1e-5, relative: 1e-4 },
    );
    await expectSame(
      [a, b],
      gradientsOf((x, y) => prelu(x!, y!)),
    );
    const mask = [1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0];
    await expectSame(
      [a, c],
      gradientsOf((x, y) => where(tensor(mask, [3, 4], 'bool'), x!, mul(y!, y!))),
    );
    await expectSame(
      [a, c],
      gradientsOf((x, y) => addN([x!, y!, x!])),
    );
    await expectSame(
      [a],
      gradientsOf((x) => mul(cast(x!, 'float32'), x!)),
    );
  });
});

it('a wrong shape is complained about when the operation is called', async () => {
  await expect(on('onnx', [random([2, 3], 1), random([4], 2)], (a, b) => add(a!, b!))).rejects.toThrow(
    /could not be broadcast/,
  );
});
