import {
  batchToSpaceND,
  broadcastTo,
  concat,
  type DataType,
  depthToSpace,
  diag,
  engine,
  expandDims,
  fill,
  image,
  linspace,
  mirrorPad,
  mul,
  onesLike,
  pad,
  range,
  reshape,
  reverse,
  slice,
  spaceToBatchND,
  split,
  stack,
  stridedSlice,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tile,
  transpose,
  unstack,
  zerosLike,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSame, gradientsOf, numbers, on, random, useOnnxBackend } from './compare.js';

useOnnxBackend();

const seed = fc.integer({ min: 0, max: 1e6 });
const dtype = fc.constantFrom<DataType>('float32', 'int32', 'bool');
const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });

/** Some number below a limit for every axis, drawn from a seed. */
function draw(at: number, limits: readonly number[]): number[] {
  return limits.map((limit, axis) => (limit <= 0 ? 0 : Math.floor(at / 7 ** axis) % limit));
}

describe('joining and parting on onnx', () => {
  it('concat and stack equal the cpu backend, with gradients', () =>
    fc.assert(
      fc.asyncProperty(shapes, seed, dtype, fc.integer({ min: 1, max: 4 }), async (shape, at, type, count) => {
        const axis = at % shape.length;
        const parts = Array.from({ length: count }, (_, i) =>
          random(shape.with(axis, 1 + ((at + i) % 3)), at + i, type),
        );
        await expectSame(parts, (...all) => concat(all, axis));
        const same = Array.from({ length: count }, (_, i) => random(shape, at + i, type));
        await expectSame(same, (...all) => stack(all, at % (shape.length + 1)));
        if (type !== 'float32') return;
        await expectSame(
          parts,
          gradientsOf((...all) => concat(all, axis)),
        );
        await expectSame(
          same,
          gradientsOf((...all) => stack(all, axis)),
        );
      }),
      { numRuns: 12 },
    ));

  it('split and unstack equal the cpu backend, with gradients', () =>
    fc.assert(
      fc.asyncProperty(shapes, seed, dtype, async (shape, at, type) => {
        const axis = at % shape.length;
        const lengths = [1 + (at % 2), 2, 1];
        const x = random(shape.with(axis, lengths[0]! + 3), at, type);
        await expectSame([x], (a) => split(a!, lengths, axis));
        await expectSame([x], (a) => unstack(a!, axis));
        if (type !== 'float32') return;
        await expectSame(
          [x],
          gradientsOf((a) => mul(split(a!, lengths, axis)[1]!, 2)),
        );
        await expectSame(
          [x],
          gradientsOf((a) => unstack(a!, axis).at(-1)!),
        );
      }),
      { numRuns: 12 },
    ));

  it('slice equals the cpu backend, with gradient', () =>
    fc.assert(
      fc.asyncProperty(shapes, seed, dtype, async (shape, at, type) => {
        const begin = draw(at, shape);
        const size = draw(
          at + 3,
          shape.map((side, axis) => side - begin[axis]!),
        ).map((n) => n + 1);
        const fits = size.map((n, axis) => Math.min(n, shape[axis]! - begin[axis]!));
        await expectSame([random(shape, at, type)], (x) => slice(x!, begin, fits));
        if (type === 'float32')
          await expectSame(
            [random(shape, at)],
            gradientsOf((x) => slice(x!, begin, fits)),
          );
      }),
      { numRuns: 12 },
    ));

  it.each([
    ['steps', [1, 0], [4, 6], [2, 3], {}],
    ['backward', [3, 5], [0, 1], [-1, -2], {}],
    ['backward to the first', [3, 5], [-5, -7], [-1, -2], {}],
    ['all that begin and end leave open', [0, 0], [0, 0], [1, 2], { begin: 3, end: 3 }],
    ['negative numbers count from the end', [-3, -4], [-1, -1], [1, 1], {}],
    ['a single row', [2, 0], [3, 6], [1, 1], { shrink: 1 }],
    ['a new axis', [0, 1, 0], [0, 3, 6], [1, 1, 1], { added: 1 }],
    ['an ellipsis', [0, 1], [0, 3], [1, 1], { ellipsis: 1 }],
  ])('stridedSlice: %s', (_, begin, end, strides, masks: Record<string, number>) =>
    expectSame([random([4, 6], 1)], (x) =>
      stridedSlice(x!, begin, end, strides, masks.begin, masks.end, masks.ellipsis, masks.added, masks.shrink),
    ),
  );
});

it('stridedSlice of a single row in steps, on which the cpu backend fails', async () => {
  const x = numbers([2, 4], [0, 1, 2, 3, 4, 5, 6, 7]);
  const [row] = await on('onnx', [x], (a) => stridedSlice(a!, [1, 0], [2, 4], [1, 2], 0, 0, 0, 0, 1));
  expect(row).toEqual(numbers([2], [4, 6]));
});

describe('padding on onnx', () => {
  it('pad and mirrorPad equal the cpu backend, with gradients', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 4 }),
        seed,
        dtype,
        async (shape, at, type) => {
          const before = draw(at, shape);
          const after = draw(at + 5, shape);
          const rims = shape.map((_, axis): [number, number] => [before[axis]!, after[axis]!]);
          const x = random(shape, at, type);
          await expectSame([x], (a) => [pad(a!, rims), pad(a!, rims, 1)]);
          await expectSame([x], (a) => [mirrorPad(a!, rims, 'reflect'), mirrorPad(a!, rims, 'symmetric')]);
          if (type === 'float32')
            await expectSame(
              [x],
              gradientsOf((a) => pad(a!, rims)),
            );
        },
      ),
      { numRuns: 12 },
    ));

  it('a mirror image of the whole, and rims of what is no number', async () => {
    await expectSame([random([3, 4], 1)], (x) =>
      mirrorPad(
        x!,
        [
          [3, 3],
          [4, 2],
        ],
        'symmetric',
      ),
    );
    await expectSame([random([2, 2], 1)], (x) => [
      pad(
        x!,
        [
          [1, 1],
          [0, 2],
        ],
        NaN,
      ),
      pad(
        x!,
        [
          [1, 1],
          [0, 2],
        ],
        -Infinity,
      ),
    ]);
  });
});

describe('order on onnx', () => {
  it('transpose, reverse, tile and broadcastTo equal the cpu backend, with gradients', () =>
    fc.assert(
      fc.asyncProperty(shapes, seed, dtype, async (shape, at, type) => {
        const axes = [...shape.keys()];
        const perm = fc.sample(fc.shuffledSubarray(axes, { minLength: axes.length }), { numRuns: 1, seed: at })[0]!;
        const some = axes.filter((axis) => (at >> axis) & 1);
        const reps = draw(
          at,
          shape.map(() => 3),
        ).map((n) => n + 1);
        const x = random(shape, at, type);
        await expectSame([x], (a) => [transpose(a!, perm), reverse(a!, some), tile(a!, reps)]);
        const flat = random(
          shape.map((side, axis) => (some.includes(axis) ? 1 : side)),
          at,
          type,
        );
        await expectSame([flat], (a) => broadcastTo(a!, shape as [number]));
        if (type !== 'float32') return;
        await expectSame(
          [x],
          gradientsOf((a) => transpose(a!, perm)),
        );
        await expectSame(
          [x],
          gradientsOf((a) => reverse(a!, some)),
        );
        // TensorFlow.js has no gradient for more axes.
        if (shape.length > 4) return;
        await expectSame(
          [flat],
          gradientsOf((a) => broadcastTo(a!, shape as [number])),
        );
        await expectSame(
          [x],
          gradientsOf((a) => tile(a!, reps)),
        );
      }),
      { numRuns: 12 },
    ));

  it('what is broadcast is taken as it is by the operations that follow', () =>
    expectSame([random([1, 3, 1], 1), random([4, 3, 2], 2)], (a, b) => {
      const wide = broadcastTo(a!, [4, 3, 2]);
      return [
        mul(wide, b!),
        mul(wide, onesLike(b!)),
        mul(wide, zerosLike(b!)),
        reshape(wide, [12, 2]),
        tile(wide, [1, 1, 2]),
      ];
    }));

  it('depthToSpace, spaceToBatchND, batchToSpaceND, flipLeftRight and diag equal the cpu backend', async () => {
    await expectSame([random([2, 2, 3, 8], 1)], (x) => depthToSpace(x as Tensor4D, 2));
    await expectSame([random([2, 3, 5, 2], 1)], (x) =>
      spaceToBatchND(
        x!,
        [2, 3],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    );
    await expectSame([random([12, 2, 3, 2], 1)], (x) =>
      batchToSpaceND(
        x!,
        [2, 3],
        [
          [1, 0],
          [0, 2],
        ],
      ),
    );
    await expectSame([random([2, 3, 4, 2], 1)], (x) => image.flipLeftRight(x as Tensor4D));
    await expectSame([random([5], 1), random([2, 3], 2, 'int32')], (x, y) => [diag(x!), diag(y!)]);
    await expectSame([numbers([3], [NaN, Infinity, 1])], (x) => diag(x!));
  });
});

describe('tensors from nothing on onnx', () => {
  it('equal the cpu backend', () =>
    expectSame([random([2, 3], 1), random([2], 2, 'int32'), random([2], 3, 'bool')], (x, y, z) => [
      fill([2, 2], 1.5),
      fill([3], -7, 'int32'),
      fill([], NaN),
      zerosLike(x!),
      onesLike(y!),
      onesLike(z!),
      linspace(0, 1, 7),
      range(0, 10, 3, 'int32'),
      range(5, 0),
      range(2, -3, -2, 'int32'),
      range(0, 1, 0.1),
    ]));

  it('take part in what follows', () =>
    expectSame([random([2, 3], 1)], (x) => [
      mul(x!, fill([2, 3], 2)),
      concat([x!, zerosLike(x!)], 1),
      expandDims(mul(fill([3], 2), fill([3], 4)) as Tensor1D, 0),
    ]));
});

it('of kernels called directly, the last axis counts from the end', () =>
  expectSame([random([2, 3], 1), random([2, 3], 2)], (a, b) => [
    engine().runKernel<Tensor>('Pack', [a!, b!] as never, { axis: -1 }),
    engine().runKernel<Tensor>('ExpandDims', { input: a! }, { dim: -1 }),
  ]));

it('parts that do not fit are complained about when the operation is called', async () => {
  await expect(on('onnx', [random([2, 3], 1)], (x) => slice(x!, [0, 2], [2, 2]))).rejects.toThrow(/begin|size/);
  await expect(on('onnx', [random([2, 3], 1), random([3, 3], 2)], (a, b) => concat([a!, b!], 1))).rejects.toThrow(
    /concat/,
  );
});
