import fc from 'fast-check';
import { type Interpolation, type ResizeOptions, resize } from 'segkit/augment';
import { createImage, createMask, Random } from 'segkit/core';
import { describe, expect, it } from 'vitest';
import { casesOf, differingPixels, golden, goldenSample, largestDifference } from './goldens.js';

const random = new Random(1);

describe('by hand', () => {
  const row = (values: number[]) => ({ image: createImage(new Uint8Array(values), [1, values.length]) });
  const to = (width: number, values: number[], interpolation: Interpolation) =>
    Array.from(resize({ height: 1, width, interpolation })(row(values), random).image.data);

  it('doubles by halves: 0, 100 becomes 0, 25, 75, 100', () => {
    expect(to(4, [0, 100], 'linear')).toEqual([0, 25, 75, 100]);
  });
  it('averages areas: (0 + 90 + 30) / 3 = 40', () => {
    expect(to(2, [0, 90, 30, 3, 6, 9], 'area')).toEqual([40, 6]);
    // 2.5 pixels each: (10 + 20 + 30 / 2) / 2.5 = 18.
    expect(to(2, [10, 20, 30, 40, 50], 'area')).toEqual([18, 42]);
  });
  it('takes the first pixel of a cell by nearest, the middle one by nearestExact', () => {
    expect(to(2, [1, 2, 3, 4, 5, 6], 'nearest')).toEqual([1, 4]);
    expect(to(2, [1, 2, 3, 4, 5, 6], 'nearestExact')).toEqual([2, 5]);
  });
  it('keeps a sample of the same size as it is', () => {
    const sample = goldenSample('gray');
    expect(resize({ height: 33, width: 47 })(sample, random)).toBe(sample);
  });
  it('moves boxes by their sides and points by pixel centres', () => {
    const sample = {
      image: createImage(new Uint8Array(8), [2, 4]),
      boxes: [{ xMin: 1, yMin: 0, xMax: 4, yMax: 1 }],
      polygons: [{ points: [[0, 0], [3, 1]] as const }], // biome-ignore format: one outline
    };
    const { boxes, polygons } = resize({ height: 4, width: 2 })(sample, random);
    expect(boxes).toEqual([{ xMin: 0.5, yMin: 0, xMax: 2, yMax: 2 }]);
    // (0 + 0.5) / 2 - 0.5 = -0.25, (0 + 0.5) * 2 - 0.5 = 0.5.
    expect(polygons![0]!.points).toEqual([[-0.25, 0.5], [1.25, 2.5]]); // biome-ignore format: one outline
  });
  it('can align the mask with the image', () => {
    const mask = createMask([0, 1, 0, 0, 2, 0], [1, 6]);
    const sample = { image: createImage(new Uint8Array(6), [1, 6]), mask };
    const size = { height: 1, width: 2 };
    expect(Array.from(resize(size)(sample, random).mask!.data)).toEqual([0, 0]);
    expect(Array.from(resize({ ...size, maskInterpolation: 'nearestExact' })(sample, random).mask!.data)).toEqual([
      1, 2,
    ]);
  });
});

describe('OpenCV', () => {
  const names: Record<string, Interpolation> = { nearest_exact: 'nearestExact' };
  it.each(casesOf('resize'))('$name: within 1 grey level, floats within 1e-6', ({ params, outputs, tolerance }) => {
    const interpolation = names[String(params.interpolation)] ?? (params.interpolation as Interpolation);
    const transform = resize({ height: Number(params.height), width: Number(params.width), interpolation });
    for (const kind of ['gray', 'rgb'] as const) {
      const { image, mask } = transform(goldenSample(kind), random);
      expect(image.shape).toEqual(golden(outputs[kind]).shape);
      expect(largestDifference(image.data, golden(outputs[kind]).data)).toBeLessThanOrEqual(tolerance);
      expect(differingPixels(mask!.data, golden(outputs.mask).data)).toBe(0);
    }
    const { image } = transform(goldenSample('gray', true), random);
    expect(largestDifference(image.data, golden(outputs.gray_float32).data)).toBeLessThan(1e-6);
  });
});

describe('properties', () => {
  const kernels: Interpolation[] = ['nearest', 'nearestExact', 'linear', 'cubic', 'area', 'lanczos4'];
  it('keeps constants, for every kernel, size and sample type', () => {
    const side = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(side, side, side, side, fc.constantFrom(...kernels), (h, w, height, width, interpolation) => {
        for (const data of [new Uint8Array(h * w), new Uint16Array(h * w), new Float32Array(h * w)]) {
          data.fill(97);
          const { image } = resize({ height, width, interpolation })({ image: createImage(data, [h, w]) }, random);
          expect(image.data.every((value) => Math.abs(value - 97) < 1e-4)).toBe(true);
        }
      }),
      { seed: 1 },
    );
  });
  it('keeps the mean when shrinking by whole factors over areas', () => {
    const source = new Random(3);
    const data = Float32Array.from({ length: 24 * 36 }, () => source.uniform());
    const { image } = resize({ height: 8, width: 9, interpolation: 'area' })(
      { image: createImage(data, [24, 36]) },
      random,
    );
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(image.data)).toBeCloseTo(mean(data), 6);
  });
  it('saturates where a cubic overshoots', () => {
    const image = createImage(new Uint8Array([0, 0, 255, 255]), [1, 4]);
    const { data } = resize({ height: 1, width: 16, interpolation: 'cubic' })({ image }, random).image;
    expect(Math.min(...data)).toBe(0);
    expect(Math.max(...data)).toBe(255);
    const wide = createImage(new Uint16Array([0, 0, 65535, 65535]), [1, 4]);
    expect(
      Math.max(...resize({ height: 1, width: 16, interpolation: 'cubic' })({ image: wide }, random).image.data),
    ).toBe(65535);
  });
});

it('refuses sizes and kernels that are none', () => {
  const of = (options: object) => () => resize(options as ResizeOptions);
  expect(of({ height: 0, width: 4 })).toThrow(/height must be an integer at least 1, got 0/);
  expect(of({ height: 4 })).toThrow(/width must be an integer at least 1, got undefined/);
  expect(of({ height: 4, width: 4, interpolation: 'bilinear' })).toThrow(/interpolation must be one of "nearest"/);
  expect(of({ height: 4, width: 4, maskInterpolation: 'linear' })).toThrow(/maskInterpolation must be one of/);
  expect(of({ height: 4, width: 4, p: 1 })).toThrow(/resize has no option "p"/);
});
