// Convolutions, pooling, resizing and batch normalisation on `onnx` against `cpu`: the same cases for blocks and planes.
import {
  avgPool,
  batchNorm,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  engine,
  fused,
  image,
  maxPool,
  relu,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectClose, expectSame, gradientsOf, type Numbers, numbers, on, random } from './compare.js';

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
/** Below, at and above the size of a block, in fours and not. */
const channelCounts = fc.constantFrom(1, 2, 3, 5, 8, 15, 16, 17, 20, 32, 36);
const cases = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 4, max: 9 }),
  width: fc.integer({ min: 4, max: 11 }),
  channels: channelCounts,
  filters: channelCounts,
  filterHeight: fc.integer({ min: 1, max: 4 }),
  filterWidth: fc.integer({ min: 1, max: 4 }),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pad: pads,
  seed: fc.integer({ min: 0, max: 1e6 }),
});
const tolerance = { absolute: 1e-4, relative: 1e-4 };
const runs = { numRuns: 30 };
const four = (x: Tensor | undefined) => x as Tensor4D;

/** Convolutions and their gradients. */
export function convolutionCases(): void {
  it('conv2d and its gradients equal those of the cpu backend for any size, stride and padding', () =>
    fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const x = random([c.batch, c.height, c.width, c.channels], c.seed);
        const w = random([c.filterHeight, c.filterWidth, c.channels, c.filters], c.seed + 1);
        const compute = (...[a, b]: Tensor[]) => conv2d(four(a), four(b), c.strides, c.pad);
        await expectSame([x, w], compute, tolerance);
        await expectSame([x, w], gradientsOf(compute), tolerance);
      }),
      runs,
    ));

  it('depthwiseConv2d likewise, for any multiplier', () =>
    fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 1, max: 2 }), async (c, multiplier) => {
        const x = random([c.batch, c.height, c.width, c.channels], c.seed);
        const w = random([c.filterHeight, c.filterWidth, c.channels, multiplier], c.seed + 1);
        const compute = (...[a, b]: Tensor[]) => depthwiseConv2d(four(a), four(b), c.strides, c.pad);
        await expectSame([x, w], compute, tolerance);
        await expectSame([x, w], gradientsOf(compute), tolerance);
      }),
      runs,
    ));

  it('dilated convolutions equal those with a filter of zeros between the taps, gradients too', () =>
    fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 2, max: 3 }), async (c, dilation) => {
        const sides = [c.filterHeight, c.filterWidth].map((side) => Math.min(side, 2)) as [number, number];
        const x = random([c.batch, c.height, c.width, c.channels], c.seed);
        const w = random([...sides, c.channels, c.filters], c.seed + 1);
        const spread = sides.map((side) => dilation * (side - 1) + 1) as [number, number];
        const wide = spreadTaps(w, sides, spread, dilation);
        const dilated = gradientsOf((a, b) => conv2d(four(a), four(b), 1, 'same', 'NHWC', dilation));
        const dense = gradientsOf((a, b) => conv2d(four(a), four(b), 1, 'same'));
        const [dx, dw] = await on('onnx', [x, w], dilated);
        const [expectedDx, wideDw] = await on('cpu', [x, wide], dense);
        expectClose([dx!, spreadTaps(dw!, sides, spread, dilation)], [expectedDx!, onlyTaps(wideDw!, wide)], tolerance);
      }),
      { numRuns: 15 },
    ));

  it('conv2dTranspose likewise', () =>
    fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const [rows, columns] = c.strides;
        const x = random([c.batch, c.height, c.width, c.channels], c.seed);
        const w = random([c.filterHeight, c.filterWidth, c.filters, c.channels], c.seed + 1);
        const shape: [number, number, number, number] = [c.batch, c.height * rows, c.width * columns, c.filters];
        const compute = (...[a, b]: Tensor[]) => conv2dTranspose(four(a), four(b), shape, c.strides, 'same');
        await expectSame([x, w], compute, tolerance);
        await expectSame([x, w], gradientsOf(compute), tolerance);
      }),
      runs,
    ));

  it('fused convolutions have bias and activation', () =>
    fc.assert(
      fc.asyncProperty(
        cases,
        fc.constantFrom('linear', 'relu', 'relu6', 'sigmoid', 'leakyrelu', 'elu' as const),
        fc.boolean(),
        async (c, activation, depthwise) => {
          const x = random([c.batch, c.height, c.width, c.channels], c.seed);
          const w = random([3, 3, c.channels, depthwise ? 1 : c.filters], c.seed + 1);
          const bias = random([depthwise ? c.channels : c.filters], c.seed + 2);
          const convolve = depthwise ? fused.depthwiseConv2d : fused.conv2d;
          await expectSame(
            [x, w, bias],
            (a, b, d) =>
              convolve({
                x: four(a),
                filter: four(b),
                bias: d!,
                strides: 1,
                pad: 'same',
                activation,
                leakyreluAlpha: 0.1,
              }),
            tolerance,
          );
        },
      ),
      runs,
    ));

  it('convolutions of large images, cut into strips, add up exactly enough', async () => {
    const x = random([2, 62, 40, 16], 1);
    const w = random([3, 3, 16, 17], 2);
    await expectSame(
      [x, w],
      gradientsOf((a, b) => conv2d(four(a), four(b), 1, 'same')),
      { absolute: 2e-3 },
    );
    const y = random([1, 130, 64, 1], 3);
    const v = random([5, 5, 1, 8], 4);
    await expectSame(
      [y, v],
      gradientsOf((a, b) => conv2d(four(a), four(b), 2, 'same')),
      { absolute: 2e-3 },
    );
  });

  it('gradients equal central differences, which for a function linear in each input are exact', async () => {
    const x = random([2, 6, 5, 17], 1);
    const w = random([3, 2, 17, 5], 2);
    const compute = (...[a, b]: Tensor[]) => conv2d(four(a), four(b), 2, 'same');
    const [dx, dw] = await on('onnx', [x, w], gradientsOf(compute));
    const weights = random((await on('onnx', [x, w], compute))[0]!.shape, 99).data;
    const total = async (...inputs: Numbers[]): Promise<number> =>
      (await on('onnx', inputs, compute))[0]!.data.reduce((sum, value, i) => sum + value * weights[i]!, 0);
    const moved = (values: Numbers, at: number, by: number): Numbers => ({
      ...values,
      data: values.data.map((value, i) => (i === at ? value + by : value)),
    });
    for (const at of [0, 100, 501]) {
      const [plus, minus] = [await total(moved(x, at, 1), w), await total(moved(x, at, -1), w)];
      expect(dx!.data[at]).toBeCloseTo((plus - minus) / 2, 2);
      const [up, down] = [await total(x, moved(w, at, 1)), await total(x, moved(w, at, -1))];
      expect(dw!.data[at]).toBeCloseTo((up - down) / 2, 2);
    }
  });
}

/** Puts the taps of a filter `dilation` apart, zeros between them. */
function spreadTaps(filter: Numbers, sides: readonly number[], spread: readonly number[], dilation: number): Numbers {
  const depth = filter.shape[2]! * filter.shape[3]!;
  const data = new Array<number>(spread[0]! * spread[1]! * depth).fill(0);
  for (let i = 0; i < sides[0]!; i++) {
    for (let j = 0; j < sides[1]!; j++) {
      const to = (i * dilation * spread[1]! + j * dilation) * depth;
      for (let k = 0; k < depth; k++) data[to + k] = filter.data[(i * sides[1]! + j) * depth + k]!;
    }
  }
  return numbers([...spread, ...filter.shape.slice(2)], data);
}

/** A gradient where the filter has taps, else 0. */
function onlyTaps(gradient: Numbers, filter: Numbers): Numbers {
  return { ...gradient, data: gradient.data.map((value, i) => (filter.data[i] === 0 ? 0 : value)) };
}

/** Pooling, resizing and batch normalisation. */
export function windowCases(): void {
  /** Whole numbers, so that windows hold equal ones. */
  const tied = (values: Numbers): Numbers => ({ ...values, data: values.data.map(Math.round) });

  it('maxPool gives its gradient to the first of equal numbers, as the cpu backend', () =>
    fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const x = tied(random([c.batch, c.height, c.width, c.channels], c.seed));
        const compute = (...[a]: Tensor[]) => maxPool(four(a), [c.filterHeight, c.filterWidth], c.strides, 'same');
        await expectSame([x], compute);
        await expectSame([x], gradientsOf(compute), tolerance);
      }),
      runs,
    ));

  it('avgPool and its gradient', () =>
    fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const x = random([c.batch, c.height, c.width, c.channels], c.seed);
        const compute = (...[a]: Tensor[]) => avgPool(four(a), [c.filterHeight, c.filterWidth], c.strides, 'same');
        await expectSame([x], compute);
        // The gradient of the cpu backend is right where windows lie within the image.
        await expectSame(
          [x],
          gradientsOf((a) => avgPool(four(a), [c.filterHeight, c.filterWidth], c.strides, 'valid')),
          tolerance,
        );
      }),
      runs,
    ));

  it('resizing, to the nearest neighbour and bilinearly', () =>
    fc.assert(
      fc.asyncProperty(
        cases,
        fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })),
        fc.constantFrom('corners', 'half', 'plain'),
        async (c, size, grid) => {
          const x = random([c.batch, c.height, c.width, c.channels], c.seed);
          const options = [grid === 'corners', grid === 'half'] as const;
          await expectSame([x], (a) => image.resizeNearestNeighbor(four(a), size, ...options));
          await expectSame([x], (a) => image.resizeBilinear(four(a), size, ...options), tolerance);
        },
      ),
      runs,
    ));

  it('gradients of resizing are the transposes: <resize x, y> = <x, gradient y>', () =>
    fc.assert(
      fc.asyncProperty(cases, fc.boolean(), fc.boolean(), async (c, linear, corners) => {
        const size: [number, number] = [2 * c.height, 3 * c.width];
        const x = random([c.batch, c.height, c.width, c.channels], c.seed);
        const resize = linear ? image.resizeBilinear : image.resizeNearestNeighbor;
        const compute = (...[a]: Tensor[]) => resize(four(a), size, corners);
        const [[y], [gradient]] = [await on('onnx', [x], compute), await on('onnx', [x], gradientsOf(compute))];
        const weights = random(y!.shape, 99).data;
        const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
        expect(dot(x.data, gradient!.data)).toBeCloseTo(dot(y!.data, weights), 1);
      }),
      runs,
    ));

  it('batchNorm by given moments and its gradients, for images and for matrices', () =>
    fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async (c, flat) => {
        const x = random(flat ? [c.batch + 1, c.channels] : [c.batch, c.height, c.width, c.channels], c.seed);
        const vectors = [1, 2, 3].map((i) => random([c.channels], c.seed + i));
        const variance = {
          ...random([c.channels], c.seed + 4),
          data: vectors[0]!.data.map((value) => value ** 2 + 0.1),
        };
        const compute = (...[a, mean, spread, offset, scale]: Tensor[]) =>
          batchNorm(four(a), mean as Tensor1D, spread as Tensor1D, offset as Tensor1D, scale as Tensor1D, 1e-3);
        const inputs = [x, vectors[0]!, variance, vectors[1]!, vectors[2]!];
        await expectSame(inputs, compute, tolerance);
        await expectSame(inputs, gradientsOf(compute), { absolute: 1e-3, relative: 1e-3 });
      }),
      runs,
    ));

  it('batchNorm by moments of every number', () =>
    fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async (c, flat) => {
        const shape = flat ? [c.batch + 1, c.channels + 1] : [c.batch, c.height, c.width, c.channels];
        const [x, mean, offset, scale] = [0, 1, 2, 3].map((i) => random(shape, c.seed + i)) as [Numbers, ...Numbers[]];
        const variance = { ...x, data: random(shape, c.seed + 4).data.map((value) => value ** 2 + 0.1) };
        const compute = (...[a, m, v, o, s]: Tensor[]) =>
          batchNorm(four(a), m as Tensor4D, v as Tensor4D, o as Tensor4D, s as Tensor4D, 1e-3);
        await expectSame([x, mean!, variance, offset!, scale!], compute, tolerance);
        await expectSame([x, mean!, variance], compute, tolerance);
      }),
      { numRuns: 8 },
    ));

  it('normalisation kernels of segkit follow their formulas', () =>
    fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async (c, withRelu) => {
        const shape = [c.batch, c.height, c.width, c.channels];
        const [x, dy] = [random(shape, c.seed), random(shape, c.seed + 1)];
        const count = c.batch * c.height * c.width;
        const columns = (values: Numbers) =>
          Array.from({ length: c.channels }, (_, k) => values.data.filter((_value, i) => i % c.channels === k));
        const ofX = columns(x);
        const mean = ofX.map((column) => column.reduce((a, b) => a + b, 0) / count);
        const variance = ofX.map((column, k) => column.reduce((a, b) => a + (b - mean[k]!) ** 2, 0) / count);
        const run = (name: string, inputs: Record<string, Tensor>, attrs = {}) =>
          engine().runKernel<Tensor | Tensor[]>(name, inputs, attrs);
        const found = await on('onnx', [x], (a) => run('SegkitMoments', { x: a! }));
        expectClose(found, [numbers([c.channels], mean), numbers([c.channels], variance)], tolerance);
        const [scale, shift] = [random([c.channels], c.seed + 2), random([c.channels], c.seed + 3)];
        const inverse = numbers(
          [c.channels],
          variance.map((value) => 1 / Math.sqrt(value + 1e-5)),
        );
        const gain = numbers(
          [c.channels],
          scale.data.map((value, k) => value * inverse.data[k]!),
        );
        const vectors = [numbers([c.channels], mean), gain, shift, inverse];
        const result = x.data.map((value, i) => {
          const k = i % c.channels;
          return (value - mean[k]!) * gain.data[k]! + shift.data[k]!;
        });
        const [y] = await on('onnx', [x, ...vectors], (a, m, g, s) =>
          run('SegkitNormalize', { x: a!, mean: m!, scale: g!, shift: s! }, { relu: withRelu }),
        );
        expectClose([y!], [numbers(shape, withRelu ? result.map((value) => Math.max(value, 0)) : result)], tolerance);
        const own = dy.data.map((value, i) => (withRelu && result[i]! <= 0 ? 0 : value));
        const upstream = columns(numbers(shape, own));
        const total = upstream.map((column) => column.reduce((a, b) => a + b, 0));
        const product = upstream.map((column, k) =>
          column.reduce((sum, value, i) => sum + value * (ofX[k]![i]! - mean[k]!), 0),
        );
        const dx = own.map((value, i) => {
          const k = i % c.channels;
          const pull = (x.data[i]! - mean[k]!) * inverse.data[k]! ** 2 * product[k]!;
          return gain.data[k]! * (value - total[k]! / count - pull / count);
        });
        const gradients = await on('onnx', [x, dy, ...vectors], (a, d, m, g, s, v) =>
          run(
            'SegkitNormalizeGradient',
            { x: a!, dy: d!, mean: m!, scale: g!, shift: s!, inverse: v! },
            { relu: withRelu },
          ),
        );
        const sums = numbers([2, c.channels], [...total, ...product]);
        expectClose(gradients, [numbers(shape, dx), sums], { absolute: 1e-3, relative: 1e-3 });
      }),
      { numRuns: 12 },
    ));

  it('ReLU passes its gradient on above 0 only', () =>
    expectSame(
      [tied(random([2, 4, 4, 17], 5)), random([1, 1, 17, 18], 6)],
      gradientsOf((a, b) => relu(conv2d(relu(four(a)), four(b), 1, 'same'))),
      tolerance,
    ));
}
