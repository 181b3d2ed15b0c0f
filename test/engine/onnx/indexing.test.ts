import {
  type DataType,
  einsum,
  engine,
  fused,
  gather,
  gatherND,
  localResponseNormalization,
  matMul,
  mul,
  oneHot,
  reshape,
  scatterND,
  sparseToDense,
  type Tensor,
  type Tensor4D,
  tensorScatterUpdate,
  unsortedSegmentSum,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSame, gradientsOf, numbers, on, random, useOnnxBackend } from './compare.js';

useOnnxBackend();

const seed = fc.integer({ min: 0, max: 1e6 });
const dtype = fc.constantFrom<DataType>('float32', 'int32', 'bool');

/** Indices below a limit, from a seed. */
function indices(shape: readonly number[], at: number, limit: number) {
  const { data } = random(shape, at, 'int32');
  return numbers(
    shape,
    data.map((n) => (n + 9) % limit),
    'int32',
  );
}

describe('gathering on onnx', () => {
  it('gather equals the cpu backend along any axis, with gradient', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
        seed,
        dtype,
        async (shape, own, at, type) => {
          const axis = at % shape.length;
          const places = indices(own, at, shape[axis]!);
          await expectSame([random(shape, at, type), places], (x, i) => gather(x!, i!, axis));
          if (type !== 'float32' || own.length === 0) return;
          await expectSame([random(shape, at), places], (x, i) => gradientsOf((a) => gather(a!, i!, axis))(x!));
        },
      ),
      { numRuns: 12 },
    ));

  it('gather with dimensions of a batch', async () => {
    await expectSame([random([2, 4, 3], 1), indices([2, 2], 2, 4)], (x, i) => gather(x!, i!, 1, 1));
    await expectSame([random([2, 3, 4, 2], 1), indices([2, 5], 2, 4)], (x, i) => gather(x!, i!, 2, 1));
    await expectSame([random([2, 3, 4], 1), indices([2, 3, 2], 2, 4)], (x, i) => gather(x!, i!, 2, 2));
  });

  it('gatherND equals the cpu backend', async () => {
    await expectSame([random([3, 4, 5], 1), indices([2, 6, 2], 2, 3)], (x, i) => gatherND(x!, i!));
    await expectSame([random([3, 4, 5], 1, 'int32'), indices([6, 3], 2, 3)], (x, i) => gatherND(x!, i!));
    await expectSame([random([3, 4], 1, 'bool'), indices([6, 1], 2, 3)], (x, i) => gatherND(x!, i!));
  });

  it.each([-1, 3])('an index of %j for three rows is an error, and no harm to what follows', async (index) => {
    const bad = [random([3, 2], 1), numbers([2], [0, index], 'int32')];
    const batch = [random([2, 3], 1), numbers([2, 1], [index, 0], 'int32')];
    await expect(on('onnx', bad, (x, i) => gather(x!, i!))).rejects.toThrow(/index|bounds/i);
    await expect(on('onnx', batch, (x, i) => gather(x!, i!, 1, 1))).rejects.toThrow(/index|bounds/i);
    await expect(
      on('onnx', [bad[0]!, numbers([1, 1], [index], 'int32')], (x, i) => gatherND(x!, i!)),
    ).rejects.toThrow();
    await expectSame([bad[0]!, numbers([2], [0, 2], 'int32')], (x, i) => gather(x!, i!));
  });
});

describe('scattering on onnx', () => {
  it('scatterND adds, however often a place comes', async () => {
    await expectSame([indices([5, 1], 1, 6), random([5], 2)], (i, u) => scatterND(i!, u!, [8]));
    await expectSame([indices([9, 2], 1, 3), random([9, 4], 2)], (i, u) => scatterND(i!, u!, [3, 5, 4]));
    await expectSame([indices([4, 1], 1, 6), random([4, 2], 2, 'int32')], (i, u) => scatterND(i!, u!, [6, 2]));
  });

  it('sums of 100,000 ones to three places lose none', async () => {
    const places = numbers(
      [100_000, 1],
      Array.from({ length: 100_000 }, (_, i) => i % 3),
      'int32',
    );
    const ones = numbers([100_000], new Array<number>(100_000).fill(1));
    await expectSame([places, ones], (i, u) => scatterND(i!, u!, [4]));
    await expectSame([places, ones], (i, u) => unsortedSegmentSum(u!, reshape(i!, [100_000]), 3));
  });

  it('unsortedSegmentSum equals the cpu backend, ids of no segment left out, with gradient', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
        seed,
        async (shape, at) => {
          const { data } = random([shape[0]!], at, 'int32');
          const ids = numbers(
            [shape[0]!],
            data.map((n) => n % 4),
            'int32',
          );
          await expectSame([random(shape, at), ids], (x, i) => unsortedSegmentSum(x!, i as never, 3));
          const valid = numbers(
            [shape[0]!],
            data.map((n) => Math.abs(n % 3)),
            'int32',
          );
          await expectSame([random(shape, at), valid], (x, i) =>
            gradientsOf((a) => unsortedSegmentSum(a!, i as never, 3))(x!),
          );
        },
      ),
      { numRuns: 8 },
    ));

  it('slices of 200,000 numbers', () =>
    expectSame([numbers([2], [1, 0], 'int32'), random([2, 200_000], 1)], (i, u) => [
      unsortedSegmentSum(u!, i as never, 2),
      scatterND(reshape(i!, [2, 1]), u!, [2, 200_000]),
    ]));

  it('what is no number stays in its own segment, other than on the cpu backend', async () => {
    const [sums] = await on(
      'onnx',
      [numbers([4], [1, NaN, 2, Infinity]), numbers([4], [0, 1, 0, 2], 'int32')],
      (x, i) => unsortedSegmentSum(x!, i as never, 4),
    );
    expect(sums!.data).toEqual([3, NaN, Infinity, 0]);
  });

  it('sparseToDense and tensorScatterUpdate keep what comes last', async () => {
    const places = numbers([4, 1], [1, 0, 1, 3], 'int32');
    await expectSame([places, random([4], 1)], (i, v) => sparseToDense(i!, v!, [6], -1));
    await expectSame([numbers([2], [4, 2], 'int32')], (i) => sparseToDense(i!, 2.5, [6], 1));
    await expectSame([numbers([2, 2], [1, 2, 0, 1], 'int32'), random([2], 2, 'int32')], (i, v) =>
      sparseToDense(i!, v!, [3, 4], 7),
    );
    await expectSame([places, random([4, 2], 1)], (i, v) =>
      tensorScatterUpdate(mul(2, engine().makeTensor(new Float32Array(10).fill(3), [5, 2], 'float32')), i!, v!),
    );
  });
});

describe('one-hot codes on onnx', () => {
  it.each([[[7]], [[2, 3, 4]], [[2, 2]]])(
    'of %j equal the cpu backend, also for classes that there are not',
    async (shape) => {
      const classes = random(shape, 3, 'int32');
      await expectSame([classes], (i) => [
        oneHot(i!, 3),
        oneHot(i!, 4, 2, -1),
        oneHot(i!, 9, 1, 0, 'float32'),
        oneHot(i!, 2, 0.9, 0.1, 'float32'),
        oneHot(i!, 2, 1, 0, 'bool'),
      ]);
    },
  );
});

describe('products on onnx', () => {
  it('matMul equals the cpu backend, transposed or not, over batches, with gradients', () =>
    fc.assert(
      fc.asyncProperty(
        fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 6 }))),
        fc.constantFrom([], [2], [3, 2]),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom<DataType>('float32', 'int32'),
        seed,
        async ([rows, inner, columns], batch, left, right, type, at) => {
          const [a, b] = [left ? [inner, rows] : [rows, inner], right ? [columns, inner] : [inner, columns]];
          const inputs = [
            random([...batch, ...a] as number[], at, type),
            random([...batch, ...b] as number[], at + 1, type),
          ];
          await expectSame(inputs, (x, y) => matMul(x!, y!, left, right));
          const one = random([...batch.map(() => 1), ...b] as number[], at + 1, type);
          await expectSame([inputs[0]!, one], (x, y) => matMul(x!, y!, left, right));
          if (type === 'float32')
            await expectSame(
              inputs,
              gradientsOf((x, y) => matMul(x!, y!, left, right)),
            );
        },
      ),
      { numRuns: 10 },
    ));

  it.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const)(
    'a product with bias and %s equals the cpu backend, with gradients',
    async (activation) => {
      const inputs = [random([3, 4], 1), random([4, 5], 2), random([5], 3), random([5], 4)];
      const product = (...[a, b, bias, slopes]: Tensor[]) =>
        fused.matMul({
          a: a!,
          b: b!,
          bias: bias!,
          activation,
          ...(activation === 'prelu' ? { preluActivationWeights: slopes! } : {}),
          leakyreluAlpha: 0.3,
        });
      await expectSame(inputs, product);
      if (['linear', 'relu', 'relu6'].includes(activation)) await expectSame(inputs.slice(0, 3), gradientsOf(product));
    },
  );

  it.each([
    ['ij,jk->ik', [3, 4], [4, 5]],
    ['bij,bkj->bik', [2, 3, 4], [2, 5, 4]],
    ['ij,j->i', [3, 4], [4]],
    ['i,j->ij', [3], [4]],
    ['ij,ij->', [3, 4], [3, 4]],
  ])('einsum %s equals the cpu backend', (equation, a, b) =>
    expectSame([random(a, 1), random(b, 2)], (x, y) => einsum(equation, x!, y!)),
  );
});

describe('local response normalisation on onnx', () => {
  it.each([0, 1, 2, 5])('with %d neighbours equals the cpu backend, with gradient', (radius) =>
    fc.assert(
      fc.asyncProperty(seed, async (at) => {
        const compute = (x: Tensor) => localResponseNormalization(x as Tensor4D, radius, 1.5, 0.3, 0.7);
        await expectSame([random([2, 3, 2, 6], at)], (x) => compute(x!));
        await expectSame(
          [random([2, 3, 2, 6], at)],
          gradientsOf((x) => compute(x!)),
        );
      }),
      { numRuns: 2 },
    ),
  );
});
