import { centerCrop, crop, type PadToDivisorOptions, padToDivisor, randomCrop } from 'segkit/augment';
import { createImage, createLabels, createMask, Random } from 'segkit/core';
import { describe, expect, it } from 'vitest';
import { casesOf, differingPixels, golden, goldenSample } from './goldens.js';

const random = new Random(1);

describe('crops', () => {
  it('agree with Albumentations', () => {
    const [one] = casesOf('crop');
    const [middle] = casesOf('center_crop');
    for (const kind of ['gray', 'rgb'] as const) {
      const cut = crop({ xMin: 5, yMin: 3, xMax: 30, yMax: 25 })(goldenSample(kind), random);
      expect(cut.image.shape).toEqual(golden(one!.outputs[kind]).shape);
      expect(differingPixels(cut.image.data, golden(one!.outputs[kind]).data)).toBe(0);
      expect(differingPixels(cut.mask!.data, golden(one!.outputs.mask).data)).toBe(0);
      const centre = centerCrop({ height: 20, width: 21 })(goldenSample(kind), random);
      expect(differingPixels(centre.image.data, golden(middle!.outputs[kind]).data)).toBe(0);
      expect(differingPixels(centre.mask!.data, golden(middle!.outputs.mask).data)).toBe(0);
    }
  });

  it('move boxes and polygons: x - 2, y - 1; boxes are cut, those outside left out', () => {
    const sample = {
      image: createImage(new Uint8Array(48), [6, 8]),
      boxes: [
        { xMin: 1, yMin: 2, xMax: 4, yMax: 5 },
        { xMin: 0, yMin: 0, xMax: 2, yMax: 6 },
      ],
      polygons: [{ points: [[1, 2], [5, 4]] as const }, { points: [[7, 0], [7, 5]] as const }], // biome-ignore format: outlines
    };
    const { boxes, polygons } = crop({ xMin: 2, yMin: 1, xMax: 6, yMax: 4 })(sample, random);
    expect(boxes).toEqual([{ xMin: 0, yMin: 1, xMax: 2, yMax: 3 }]);
    expect(polygons).toEqual([{ points: [[-1, 1], [3, 3]] }]); // biome-ignore format: outlines
  });

  it('randomCrop reaches every place about equally often', () => {
    const image = createImage(
      Uint8Array.from({ length: 12 }, (_, i) => i),
      [3, 4],
    );
    const counts = new Map<number, number>();
    const source = new Random(2);
    for (let i = 0; i < 2700; i++) {
      const first = randomCrop({ height: 1, width: 2 })({ image }, source).image.data[0]!;
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10]);
    // 300 of each; four standard deviations are 66.
    for (const count of counts.values()) expect(Math.abs(count - 300)).toBeLessThan(66);
  });

  it('refuse parts that are not there', () => {
    const image = createImage(new Uint8Array(6), [2, 3]);
    expect(() => randomCrop({ height: 3, width: 3 })({ image }, random)).toThrow(
      /image must be at least 3 x 3 for randomCrop, got 2 x 3; pad or resize it first/,
    );
    expect(() => centerCrop({ height: 2, width: 4 })({ image }, random)).toThrow(/at least 2 x 4 for centerCrop/);
    expect(() => crop({ xMin: 0, yMin: 0, xMax: 4, yMax: 1 })({ image }, random)).toThrow(/at least 1 x 4 for crop/);
    expect(() => crop({ xMin: 2, yMin: 0, xMax: 2, yMax: 1 })).toThrow(/xMax must be an integer above 2, got 2/);
    expect(() => randomCrop({ height: 0, width: 1 })).toThrow(/height must be an integer at least 1, got 0/);
    expect(() => centerCrop({ height: 1, width: 1, p: 1 } as never)).toThrow(/centerCrop has no option "p"/);
  });
});

describe('padToDivisor', () => {
  it.each(casesOf('PadIfNeeded(pad_*_divisor)'))('$name agrees with Albumentations', ({ params, outputs }) => {
    const borderMode = String(params.border).replace('_', '') as NonNullable<PadToDivisorOptions['borderMode']>;
    const transform = padToDivisor({ divisor: Number(params.divisor), borderMode });
    for (const kind of ['gray', 'rgb'] as const) {
      const { image, mask } = transform(goldenSample(kind), random);
      expect(image.shape).toEqual(golden(outputs[kind]).shape);
      expect(differingPixels(image.data, golden(outputs[kind]).data)).toBe(0);
      expect(differingPixels(mask!.data, golden(outputs.mask).data)).toBe(0);
    }
  });

  it('keeps what fits, pads 1 x 3 to 4 x 4 at the bottom and right or about the middle', () => {
    const sample = {
      image: createImage(new Uint8Array([1, 2, 3]), [1, 3]),
      mask: createMask([1, 0, 1], [1, 3]),
      labels: createLabels([4, 0, 5], [1, 3]),
      boxes: [{ xMin: 0, yMin: 0, xMax: 1, yMax: 1 }],
    };
    expect(padToDivisor({ divisor: 1 })(sample, random)).toBe(sample);
    const options = { divisor: 4, borderMode: 'constant', fill: 9, fillMask: 7 } as const;
    const corner = padToDivisor({ ...options, position: 'topLeft' })(sample, random);
    expect(Array.from(corner.image.data.slice(0, 8))).toEqual([1, 2, 3, 9, 9, 9, 9, 9]);
    expect(Array.from(corner.mask!.data.slice(0, 5))).toEqual([1, 0, 1, 7, 7]);
    expect(Array.from(corner.labels!.data.slice(0, 5))).toEqual([4, 0, 5, 0, 0]);
    expect(corner.boxes).toEqual(sample.boxes);
    const middle = padToDivisor(options)(sample, random);
    expect(Array.from(middle.image.data.slice(4, 8))).toEqual([1, 2, 3, 9]);
    expect(middle.boxes).toEqual([{ xMin: 0, yMin: 1, xMax: 1, yMax: 2 }]);
  });

  it('mirrors images smaller than the border over and over', () => {
    const image = createImage(new Uint8Array([1, 2]), [1, 2]);
    const padded = (borderMode: 'reflect101' | 'reflect' | 'wrap') =>
      Array.from(
        padToDivisor({ divisor: 6, borderMode, position: 'topLeft' })({ image }, random).image.data.slice(0, 6),
      );
    expect(padded('reflect101')).toEqual([1, 2, 1, 2, 1, 2]);
    expect(padded('reflect')).toEqual([1, 2, 2, 1, 1, 2]);
    expect(padded('wrap')).toEqual([1, 2, 1, 2, 1, 2]);
    const one = createImage(new Uint8Array([5]), [1, 1]);
    expect(padToDivisor({ divisor: 2 })({ image: one }, random).image.data).toEqual(new Uint8Array([5, 5, 5, 5]));
  });

  it('refuses options out of range', () => {
    const image = createImage(new Uint8Array(6), [2, 3]);
    expect(() => padToDivisor({ divisor: 0 })).toThrow(/divisor must be an integer at least 1, got 0/);
    expect(() => padToDivisor({ borderMode: 'x' } as never)).toThrow(/borderMode must be one of/);
    expect(() => padToDivisor({ position: 'x' } as never)).toThrow(/position must be one of "center", "topLeft"/);
    expect(() => padToDivisor({ fill: 256 })({ image }, random)).toThrow(/fill must be an integer from 0 to 255/);
  });
});
