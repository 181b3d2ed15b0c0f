import fc from 'fast-check';
import { flip, horizontalFlip, rotate90, type Transform, transpose, verticalFlip } from 'segkit/augment';
import { createImage, createLabels, createMask, Random, type Sample } from 'segkit/core';
import { describe, expect, it } from 'vitest';
import { casesOf, differingPixels, golden, goldenSample } from './goldens.js';

const random = new Random(1);

function sampleOf(height: number, width: number, channels: number, seed: number): Sample {
  const source = new Random(seed);
  const size = height * width;
  const shape = [height, width];
  const values = (length: number) => Uint16Array.from({ length }, () => source.integer(0, 65536));
  return {
    image: createImage(values(size * channels), channels === 1 ? shape : [...shape, channels]),
    mask: createMask(Uint8Array.from(values(size)), shape),
    labels: createLabels(Int32Array.from(values(size)), shape),
    boxes: [{ xMin: 0.25, yMin: 0, xMax: width / 2, yMax: height - 0.5 }],
    polygons: [{ points: [[0, 0], [width - 1, 1], [2, height - 1.5]], label: 'p' }], // biome-ignore format: a triangle
  };
}

const samples = fc
  .record({
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1, 3),
    seed: fc.nat(),
  })
  .map(({ height, width, channels, seed }) => sampleOf(height, width, channels, seed));

describe('by hand', () => {
  const image = createImage(new Uint8Array([1, 2, 3, 4, 5, 6]), [2, 3]);
  const apply = (transform: Transform) => transform({ image }, random).image;

  it('mirrors and turns [[1, 2, 3], [4, 5, 6]]', () => {
    expect(Array.from(apply(horizontalFlip({ p: 1 })).data)).toEqual([3, 2, 1, 6, 5, 4]);
    expect(Array.from(apply(verticalFlip({ p: 1 })).data)).toEqual([4, 5, 6, 1, 2, 3]);
    expect(Array.from(apply(transpose({ p: 1 })).data)).toEqual([1, 4, 2, 5, 3, 6]);
    expect(Array.from(apply(rotate90({ p: 1, turns: 1 })).data)).toEqual([3, 6, 2, 5, 1, 4]);
    expect(Array.from(apply(rotate90({ p: 1, turns: 2 })).data)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(Array.from(apply(rotate90({ p: 1, turns: 3 })).data)).toEqual([4, 1, 5, 2, 6, 3]);
    expect(apply(rotate90({ p: 1, turns: 3 })).shape).toEqual([3, 2]);
  });

  it('moves boxes and polygons with the pixels', () => {
    const box = { xMin: 0, yMin: 1, xMax: 2, yMax: 2, label: 'b' };
    const points = [[0, 1], [1, 1]] as const; // biome-ignore format: two points
    const sample = { image, boxes: [box], polygons: [{ points }] };
    const across = horizontalFlip({ p: 1 })(sample, random);
    expect(across.boxes).toEqual([{ xMin: 1, yMin: 1, xMax: 3, yMax: 2, label: 'b' }]);
    expect(across.polygons![0]!.points).toEqual([[2, 1], [1, 1]]); // biome-ignore format: two points
    const turned = rotate90({ p: 1, turns: 1 })(sample, random);
    expect(turned.boxes).toEqual([{ xMin: 1, yMin: 1, xMax: 2, yMax: 3, label: 'b' }]);
    expect(turned.polygons![0]!.points).toEqual([[1, 2], [1, 1]]); // biome-ignore format: two points
  });
});

describe('properties', () => {
  it('flips and transposition undo themselves, four quarter turns and two half turns too', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const rounds: [Transform, number][] = [
          [horizontalFlip({ p: 1 }), 2],
          [verticalFlip({ p: 1 }), 2],
          [transpose({ p: 1 }), 2],
          [rotate90({ p: 1, turns: 1 }), 4],
          [rotate90({ p: 1, turns: 2 }), 2],
          [rotate90({ p: 1, turns: 3 }), 4],
        ];
        for (const [transform, times] of rounds) {
          let turned = sample;
          for (let i = 0; i < times; i++) turned = transform(turned, random);
          expect(turned.image).toEqual(sample.image);
          expect(turned.mask).toEqual(sample.mask);
          expect(turned.labels).toEqual(sample.labels);
          expect(turned.boxes).toEqual(sample.boxes);
          expect(turned.polygons).toEqual(sample.polygons);
        }
      }),
      { seed: 1 },
    );
  });

  it('flip draws horizontal, vertical and both about equally often', () => {
    const image = createImage(new Uint8Array([1, 2, 3, 4]), [2, 2]);
    const counts = new Map<string, number>();
    const source = new Random(4);
    for (let i = 0; i < 3000; i++) {
      const key = flip({ p: 0.75 })({ image }, source).image.data.join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['1234', '2143', '3412', '4321']);
    // 750 of each; four standard deviations are 95.
    for (const count of counts.values()) expect(Math.abs(count - 750)).toBeLessThan(95);
  });
});

describe('Albumentations', () => {
  const transforms: Record<string, Transform> = {
    hflip: horizontalFlip({ p: 1 }),
    vflip: verticalFlip({ p: 1 }),
    transpose: transpose({ p: 1 }),
    rot90_1: rotate90({ p: 1, turns: 1 }),
    rot90_2: rotate90({ p: 1, turns: 2 }),
    rot90_3: rotate90({ p: 1, turns: 3 }),
  };
  it.each(Object.keys(transforms))('%s agrees', (name) => {
    const [one] = casesOf(name.replace(/_\d/, '')).filter((item) => item.name === name);
    for (const kind of ['gray', 'rgb'] as const) {
      const { image, mask } = transforms[name]!(goldenSample(kind), random);
      expect(image.shape).toEqual(golden(one!.outputs[kind]).shape);
      expect(differingPixels(image.data, golden(one!.outputs[kind]).data)).toBe(0);
      expect(differingPixels(mask!.data, golden(one!.outputs.mask).data)).toBe(0);
    }
  });

  it('key points and boxes agree', () => {
    const [one] = casesOf('geometry of keypoints/boxes');
    const { image } = goldenSample('gray');
    const size = [47, 33, 47, 33];
    const sides = [0.1, 0.2, 0.55, 0.8].map((share, i) => share * size[i]!) as [number, number, number, number];
    const sample: Sample = {
      image,
      boxes: [{ xMin: sides[0], yMin: sides[1], xMax: sides[2], yMax: sides[3] }],
      polygons: [{ points: [[10.5, 7.25]] }],
    };
    for (const name of ['hflip', 'vflip', 'rot90_1', 'rot90_2', 'rot90_3', 'transpose']) {
      const moved = transforms[name]!(sample, random);
      const point = golden(one!.outputs[`kp_${name}`]).data;
      expect(moved.polygons![0]!.points[0]![0]).toBeCloseTo(point[0]!, 9);
      expect(moved.polygons![0]!.points[0]![1]).toBeCloseTo(point[1]!, 9);
      if (name === 'transpose') continue;
      const [height, width] = moved.image.shape as [number, number];
      const box = golden(one!.outputs[`bbox_${name}`]).data;
      const { xMin, yMin, xMax, yMax } = moved.boxes![0]!;
      [xMin / width, yMin / height, xMax / width, yMax / height].forEach((side, i) => {
        expect(side).toBeCloseTo(box[i]!, 9);
      });
    }
  });
});

it('refuses what is no share or no number of turns', () => {
  for (const make of [flip, horizontalFlip, verticalFlip, transpose, rotate90]) {
    expect(() => make({ p: -0.1 })).toThrow(/p must be a finite number at least 0 and at most 1, got -0.1/);
    expect(() => make({ q: 1 } as object)).toThrow(/has no option "q"/);
  }
  expect(() => rotate90({ turns: 4 })).toThrow(/turns must be an integer at least 0 and at most 3, got 4/);
});
