import fc from 'fast-check';
import { createImage } from 'segkit/core';
import { type BorderMode, gaussian, otsu } from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { differences, goldenArray, goldenCases, goldenNumber } from './golden.js';

const MODES: readonly BorderMode[] = ['nearest', 'reflect', 'mirror', 'wrap', 'constant'];
const images = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([height, width]) =>
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: height * width, maxLength: height * width })
      .map((data) => createImage(Uint8Array.from(data), [height, width])),
  );

describe('gaussian', () => {
  it('sigma 0.5: weights exp(-2 i^2) / sum: an edge becomes 0.107, 0.893', () => {
    const [a, b] = [Math.exp(-2), Math.exp(-8)];
    const sum = 1 + 2 * (a + b);
    const { data } = gaussian(createImage(new Float32Array([0, 0, 1, 1]), [1, 4]), { sigma: 0.5 });
    expect(differences(data, [b / sum, (a + b) / sum, 1 - (a + b) / sum, 1 - b / sum], 1e-6)).toEqual([]);
  });
  it.each([
    ['nearest', 4],
    ['reflect', 4],
    ['mirror', 2],
    ['wrap', 1],
    ['constant', 0],
  ] as const)('%s continues 1 2 4 with %d', (mode, next) => {
    // With truncate 1 the kernel has one neighbour on each side.
    const w = Math.exp(-0.5);
    const { data } = gaussian(createImage(new Float32Array([1, 2, 4]), [1, 3]), {
      sigma: { row: 0, column: 1 },
      truncate: 1,
      mode,
    });
    expect(data[2]).toBeCloseTo((4 + w * (2 + next)) / (1 + 2 * w), 5);
  });
  it.each(MODES)('%s handles images smaller than the kernel', (mode) => {
    const { data } = gaussian(createImage(new Uint8Array([50, 100]), [2, 1]), { sigma: 3, mode });
    for (const value of data) expect(value >= 0 && value <= 100).toBe(true);
  });
  it('sigma 0 changes nothing; one axis alone is smoothed', () => {
    const image = createImage(new Uint16Array([0, 1000, 0, 1000]), [2, 2]);
    expect([...gaussian(image, { sigma: 0 }).data]).toEqual([0, 1000, 0, 1000]);
    // Sums are float32, as the samples are: the 41 weights of sigma 5 make 1 within a few of its last places.
    const rows = gaussian(image, { sigma: { row: 5, column: 0 } }).data;
    [0, 1000, 0, 1000].forEach((value, i) => {
      expect(Math.abs(rows[i]! - value)).toBeLessThanOrEqual(value * 2 ** -22);
    });
  });
  it('smooths channels one by one', () => {
    const grey = [3, 100, 7, 45, 200, 9];
    const colour = createImage(Uint8Array.from(grey.flatMap((v) => [v, 50, 255 - v])), [2, 3, 3]);
    const alone = gaussian(createImage(Uint8Array.from(grey), [2, 3])).data;
    const { data, shape } = gaussian(colour);
    expect(shape).toEqual([2, 3, 3]);
    alone.forEach((value, i) => {
      expect(data[3 * i]).toBe(value);
      expect(data[3 * i + 1]).toBeCloseTo(50, 4);
      expect(data[3 * i + 2]).toBeCloseTo(255 - value, 3);
    });
  });
  it('stays within the extremes, turns and flips with the image, and keeps the sum with wrap', () => {
    fc.assert(
      fc.property(images, fc.double({ min: 0.3, max: 3, noNaN: true }), (image, sigma) => {
        const { data } = gaussian(image, { sigma });
        expect(Math.min(...data)).toBeGreaterThanOrEqual(Math.min(...image.data) - 1e-3);
        expect(Math.max(...data)).toBeLessThanOrEqual(Math.max(...image.data) + 1e-3);
        const turned = gaussian(image.transpose(1, 0), { sigma }).transpose(1, 0);
        const flipped = gaussian(image.step(1, -1), { sigma }).step(1, -1);
        const [height, width] = image.shape as [number, number];
        for (let r = 0; r < height; r++) {
          for (let c = 0; c < width; c++) {
            expect(Math.abs(turned.get(r, c) - data[r * width + c]!)).toBeLessThan(1e-3);
            expect(Math.abs(flipped.get(r, c) - data[r * width + c]!)).toBeLessThan(1e-3);
          }
        }
        const wrapped = gaussian(image, { sigma, mode: 'wrap' }).data.reduce((a, b) => a + b, 0);
        expect(Math.abs(wrapped - image.data.reduce((a, b) => a + b, 0))).toBeLessThan(0.05);
      }),
    );
  });
  it.each(
    goldenCases('morphology', 'filters.gaussian').flatMap((c) => MODES.map((mode) => [c.name, mode, c] as const)),
  )('equals scikit-image: %s, %s', (_, mode, c) => {
    const image = goldenArray('morphology', c.inputs.image);
    const { data } = gaussian(createImage(Float32Array.from(image.data), image.shape), {
      sigma: c.params.sigma as number,
      truncate: c.params.truncate as number,
      mode,
    });
    expect(differences(data, goldenArray('morphology', c.outputs[mode]).data, c.tolerance)).toEqual([]);
  });
  it('names what is wrong', () => {
    const image = createImage(new Uint8Array(4), [2, 2]);
    expect(() => gaussian(image, { sigma: -1 })).toThrow('sigma must be a finite number at least 0, got -1.');
    expect(() => gaussian(image, { sigma: { row: 1, column: Number.NaN } })).toThrow('sigma.column must be');
    expect(() => gaussian(image, { truncate: 0 })).toThrow('truncate must be a finite number above 0, got 0.');
    // @ts-expect-error: not a mode
    expect(() => gaussian(image, { mode: 'edge' })).toThrow('mode must be one of "nearest"');
  });
});

describe('otsu', () => {
  it('splits two groups at the end of the darker one', () => {
    expect(otsu(createImage(new Uint8Array([10, 12, 200, 210]), [2, 2]))).toBe(12);
    expect(otsu(createImage(new Uint16Array([1000, 60000]), [1, 2]))).toBe(1000);
  });
  it('gives the centre of a bin for floats: 4 bins over 0..1, the first ends at 0.25', () => {
    expect(otsu(createImage(new Float32Array([0, 0, 1, 1]), [2, 2]), { bins: 4 })).toBe(0.125);
  });
  it('of a constant image is its value', () => {
    expect(otsu(createImage(new Uint8Array(4).fill(77), [2, 2]))).toBe(77);
    expect(otsu(createImage(new Float32Array(4).fill(0.5), [2, 2, 1]))).toBe(0.5);
  });
  it('leaves foreground and background wherever values differ, and moves with the values', () => {
    fc.assert(
      fc.property(images, (image) => {
        const threshold = otsu(image);
        const high = image.data.filter((value) => value > threshold).length;
        const constant = image.data.every((value) => value === image.data[0]);
        expect(high > 0 && high < image.data.length).toBe(!constant);
        const shifted = createImage(
          Uint16Array.from(image.data, (value) => 3 * value + 1000),
          image.shape,
        );
        const split = otsu(shifted);
        image.data.forEach((value) => {
          expect(3 * value + 1000 > split).toBe(value > threshold);
        });
      }),
    );
  });
  it.each(goldenCases('morphology', 'global thresholds').map((c) => [c.name, c] as const))(
    'equals scikit-image: %s',
    (_, c) => {
      const { data, shape } = goldenArray('morphology', c.inputs.image);
      expect(otsu(createImage(data as Uint8Array, shape))).toBe(c.outputs.otsu);
      const float = otsu(
        createImage(
          Float32Array.from(data, (value) => value / 255),
          shape,
        ),
      );
      expect(differences([float], [goldenNumber(c.outputs.otsu_float01)], c.tolerance)).toEqual([]);
    },
  );
  it('names what is wrong', () => {
    expect(() => otsu(createImage(new Uint8Array(6), [1, 2, 3]))).toThrow(
      'image must have one channel, got 3; see toGrey.',
    );
    expect(() => otsu(createImage(new Uint8Array(2), [1, 2]), { bins: 16 })).toThrow(
      'bins must not be given for an integer image',
    );
    expect(() => otsu(createImage(new Float32Array([1, Number.NaN]), [1, 2]))).toThrow(
      'image must hold finite samples, got NaN at index 1.',
    );
  });
});
