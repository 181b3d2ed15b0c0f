import fc from 'fast-check';
import { type ShiftScaleRotateOptions, shiftScaleRotate } from 'segkit/augment';
import { createImage, createLabels, createMask, Random, type Sample } from 'segkit/core';
import { describe, expect, it } from 'vitest';
import { casesOf, differingPixels, type GoldenCase, golden, goldenSample, largestDifference } from './goldens.js';

const random = new Random(1);
const still = { p: 1, shiftLimit: 0, scaleLimit: 0, rotateLimit: 0 } as const;

describe('by hand', () => {
  const image = createImage(new Uint8Array([10, 20, 30, 40]), [1, 4]);
  const shifted = (options: ShiftScaleRotateOptions) =>
    Array.from(shiftScaleRotate({ ...still, ...options })({ image }, random).image.data);

  it('shifts by a quarter of 4 pixels; what comes in is mirrored, repeated, wrapped or filled', () => {
    const shiftLimitX = [0.25, 0.25] as const;
    expect(shifted({ shiftLimitX })).toEqual([20, 10, 20, 30]);
    expect(shifted({ shiftLimitX, borderMode: 'reflect' })).toEqual([10, 10, 20, 30]);
    expect(shifted({ shiftLimitX, borderMode: 'replicate' })).toEqual([10, 10, 20, 30]);
    expect(shifted({ shiftLimitX, borderMode: 'wrap' })).toEqual([40, 10, 20, 30]);
    expect(shifted({ shiftLimitX, borderMode: 'constant', fill: 7 })).toEqual([7, 10, 20, 30]);
  });

  it('interpolates at half a pixel: (10 + 20) / 2 = 15; the edge between fill 0 and 10 is 5', () => {
    expect(shifted({ shiftLimitX: [0.125, 0.125], borderMode: 'constant' })).toEqual([5, 15, 25, 35]);
    expect(shifted({ shiftLimitX: [0.125, 0.125], interpolation: 'nearest' })).toEqual([10, 20, 30, 40]);
  });

  it('turns by 180 degrees about the middle', () => {
    expect(shifted({ rotateLimit: [180, 180] })).toEqual([40, 30, 20, 10]);
  });

  it('keeps everything with limits of 0', () => {
    const sample = goldenSample('rgb');
    const { image: same, mask } = shiftScaleRotate(still)(sample, random);
    expect(same.data).toEqual(sample.image.data);
    expect(mask!.data).toEqual(sample.mask!.data);
  });

  it('leaves out boxes and polygons that leave the frame, cuts boxes at it, keeps polygons whole', () => {
    const sample: Sample = {
      image,
      boxes: [
        { xMin: 0, yMin: 0, xMax: 2, yMax: 1, label: 'kept' },
        { xMin: 2, yMin: 0, xMax: 4, yMax: 1, label: 'gone' },
      ],
      polygons: [{ points: [[0, 0], [3, 0]] }, { points: [[2, 0], [3, 0]] }], // biome-ignore format: two outlines
    };
    const moved = shiftScaleRotate({ ...still, shiftLimitX: [0.75, 0.75] })(sample, random);
    expect(moved.boxes).toEqual([{ xMin: 3, yMin: 0, xMax: 4, yMax: 1, label: 'kept' }]);
    expect(moved.polygons).toEqual([{ points: [[3, 0], [6, 0]] }]); // biome-ignore format: one outline
  });

  it('fills mask and labels by their own values', () => {
    const sample = { image, mask: createMask([1, 1, 1, 1], [1, 4]), labels: createLabels([5, 5, 6, 6], [1, 4]) };
    const options = { ...still, shiftLimitX: [0.5, 0.5], borderMode: 'constant', fillMask: 255 } as const;
    const { mask, labels } = shiftScaleRotate(options)(sample, random);
    expect(Array.from(mask!.data)).toEqual([255, 255, 1, 1]);
    expect(Array.from(labels!.data)).toEqual([0, 0, 5, 5]);
  });
});

function optionsOf({ params }: GoldenCase): ShiftScaleRotateOptions {
  const at = (name: string) => params[name] as number;
  return {
    p: 1,
    shiftLimitX: [at('dx_fraction'), at('dx_fraction')],
    shiftLimitY: [at('dy_fraction'), at('dy_fraction')],
    scaleLimit: [at('scale') - 1, at('scale') - 1],
    rotateLimit: [at('angle_deg_ccw'), at('angle_deg_ccw')],
    borderMode: params.border === 'constant' ? 'constant' : 'reflect101',
  };
}

describe('the references', () => {
  it.each(casesOf('shift_scale_rotate'))('$name: OpenCV within its rounding, scipy within 1e-4', (one) => {
    const transform = shiftScaleRotate(optionsOf(one));
    for (const kind of ['gray', 'rgb'] as const) {
      const { image, mask } = transform(goldenSample(kind), random);
      // Stated tolerance 4: OpenCV rounds places to 1/32 px; the largest difference here is 3.
      expect(largestDifference(image.data, golden(one.outputs[kind]).data)).toBeLessThanOrEqual(one.tolerance);
      expect(differingPixels(mask!.data, golden(one.outputs.mask_exact_nearest).data)).toBeLessThanOrEqual(
        one.outputs.mask_pixels_differing_from_exact as number,
      );
      expect(differingPixels(mask!.data, golden(one.outputs.mask).data)).toBeLessThanOrEqual(
        one.outputs.mask_pixels_differing_from_exact as number,
      );
    }
    const { image } = transform(goldenSample('gray', true), random);
    const exact = golden(one.outputs.gray_exact_f64).data;
    expect(
      largestDifference(
        Float64Array.from(image.data, (value) => value * 255),
        exact,
      ),
    ).toBeLessThan(1e-4);
    expect(largestDifference(image.data, golden(one.outputs.gray_float32).data)).toBeLessThan(0.01);
  });

  it('agrees on key points and boxes of Albumentations, but cuts boxes at the frame', () => {
    const [{ params, outputs }] = casesOf('geometry of keypoints/boxes') as [GoldenCase];
    const { image } = goldenSample('gray');
    const at = (name: string) => params[name] as number;
    const transform = shiftScaleRotate({
      p: 1,
      shiftLimitX: [at('dx'), at('dx')],
      shiftLimitY: [at('dy'), at('dy')],
      scaleLimit: [at('scale') - 1, at('scale') - 1],
      rotateLimit: [at('angle'), at('angle')],
    });
    const sample: Sample = {
      image,
      boxes: [{ xMin: 4.7, yMin: 6.6, xMax: 25.85, yMax: 26.4 }],
      polygons: [{ points: [[10.5, 7.25]] }],
    };
    const moved = transform(sample, random);
    const point = golden(outputs.kp_ssr).data;
    expect(moved.polygons![0]!.points[0]![0]).toBeCloseTo(point[0]!, 6);
    expect(moved.polygons![0]!.points[0]![1]).toBeCloseTo(point[1]!, 6);
    const box = golden(outputs.bbox_ssr).data;
    const { xMin, yMin, xMax, yMax } = moved.boxes![0]!;
    expect([xMin, yMin, xMax].map((side, i) => Math.abs(side - box[i]! * [47, 33, 47][i]!) < 1e-6)).toEqual([
      true,
      true,
      true,
    ]);
    expect(box[3]).toBeGreaterThan(1);
    expect(yMax).toBe(33);
  });
});

describe('properties', () => {
  it('draws within its limits: bounds of a moved point', () => {
    const image = createImage(new Uint8Array(100 * 100), [100, 100]);
    const polygons = [{ points: [[49.5, 49.5]] as const }];
    let least = 1;
    let most = -1;
    for (let i = 0; i < 300; i++) {
      const [[x, y]] = shiftScaleRotate({ p: 1 })({ image, polygons }, new Random(i)).polygons![0]!.points as [
        [number, number],
      ];
      least = Math.min(least, x / 100 - 0.495, y / 100 - 0.495);
      most = Math.max(most, x / 100 - 0.495, y / 100 - 0.495);
    }
    expect(least).toBeGreaterThanOrEqual(-0.0625);
    expect(least).toBeLessThan(-0.061);
    expect(most).toBeLessThanOrEqual(0.0625);
    expect(most).toBeGreaterThan(0.061);
  });

  it('never leaves the range of the image, for 8 bits, 16 bits and floats', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('reflect101', 'reflect', 'replicate', 'wrap'), (seed, borderMode) => {
        const source = new Random(seed);
        for (const data of [new Uint8Array(42), new Uint16Array(42), new Float32Array(42)]) {
          for (let i = 0; i < 42; i++) data[i] = source.uniform(10, 200);
          const moved = shiftScaleRotate({ p: 1, borderMode, shiftLimit: 2 })(
            { image: createImage(data, [6, 7]) },
            source,
          );
          expect(moved.image.data.constructor).toBe(data.constructor);
          expect(Math.min(...moved.image.data)).toBeGreaterThanOrEqual(Math.min(...data) - 1e-4);
          expect(Math.max(...moved.image.data)).toBeLessThanOrEqual(Math.max(...data) + 1e-4);
        }
      }),
      { numRuns: 50, seed: 1 },
    );
  });
});

it('refuses limits out of range and fills that the image cannot hold', () => {
  const of = (options: object) => () => shiftScaleRotate(options as ShiftScaleRotateOptions);
  expect(of({ shiftLimit: -1 })).toThrow(/shiftLimitX must be a finite number at least 0, got -1/);
  expect(of({ rotateLimit: 'x' })).toThrow(/rotateLimit must be two numbers, \[low, high\], got "x"/);
  expect(of({ rotateLimit: [5, 1] })).toThrow(/rotateLimit\[1\] must be a finite number at least 5, got 1/);
  expect(of({ scaleLimit: 1 })).toThrow(/scaleLimit, its low end must be a finite number above -1, got -1/);
  expect(of({ interpolation: 'cubic' })).toThrow(/interpolation must be one of "linear", "nearest"/);
  expect(of({ borderMode: 'mirror' })).toThrow(/borderMode must be one of "constant", "reflect101"/);
  expect(of({ fillMask: 256 })).toThrow(/fillMask must be an integer at least 0 and at most 255/);
  expect(of({ limit: 1 })).toThrow(/shiftScaleRotate has no option "limit"/);
  const image = createImage(new Uint8Array(4), [2, 2]);
  expect(() => shiftScaleRotate({ p: 1, fill: 300 })({ image }, random)).toThrow(
    /fill must be an integer from 0 to 255 for this image, got 300/,
  );
  expect(() => shiftScaleRotate({ p: 1, fill: 0.5 })({ image }, random)).toThrow(/got 0.5/);
  const float = createImage(new Float32Array(4), [2, 2]);
  expect(shiftScaleRotate({ p: 1, fill: -0.5 })({ image: float }, random).image.shape).toEqual([2, 2]);
});
