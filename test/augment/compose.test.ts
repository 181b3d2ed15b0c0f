import fc from 'fast-check';
import {
  compose,
  flip,
  gaussianBlur,
  gaussNoise,
  horizontalFlip,
  normalize,
  oneOf,
  type Pipeline,
  padToDivisor,
  randomBrightnessContrast,
  randomCrop,
  randomGamma,
  resize,
  rotate90,
  shiftScaleRotate,
  sometimes,
  type Transform,
  transpose,
} from 'segkit/augment';
import { createImage, createLabels, createMask, Random, type Sample } from 'segkit/core';
import { describe, expect, it } from 'vitest';
import { casesOf, differingPixels, golden, goldenSample, largestDifference } from './goldens.js';

function makeSample(seed: number, height = 20, width = 24, channels = 1): Sample {
  const random = new Random(seed);
  const data = Uint8Array.from({ length: height * width * channels }, () => random.integer(0, 256));
  return {
    image: createImage(data, channels === 1 ? [height, width] : [height, width, channels]),
    mask: createMask(
      Uint8Array.from({ length: height * width }, () => random.integer(0, 4) * 3),
      [height, width],
    ),
    labels: createLabels(
      Int32Array.from({ length: height * width }, () => random.integer(0, 5) * 70_000),
      [height, width],
    ),
    boxes: [{ xMin: 2, yMin: 3, xMax: 9, yMax: 8, label: 'a' }],
    id: `sample ${seed}`,
  };
}

function everything(seed = 3): Pipeline {
  return compose(
    [
      resize({ height: 30, width: 28 }),
      flip(),
      rotate90(),
      transpose(),
      shiftScaleRotate({ borderMode: 'constant' }),
      oneOf([gaussianBlur({ p: 1 }), randomGamma({ p: 1 })]),
      randomBrightnessContrast(),
      gaussNoise(),
      randomCrop({ height: 20, width: 18 }),
      padToDivisor({ divisor: 16 }),
    ],
    { seed },
  );
}

describe('what a pipeline draws', () => {
  it('depends on seed, epoch and index, never on the order of calls', () => {
    const samples = Array.from({ length: 6 }, (_, i) => makeSample(i));
    const once = samples.map((sample, index) => everything()(sample, { index, epoch: 4 }));
    const train = everything();
    train(samples[3]!, { index: 11, epoch: 1 });
    const order = [5, 2, 0, 4, 1, 3];
    const again = new Map(order.map((index) => [index, train(samples[index]!, { index, epoch: 4 })]));
    once.forEach((sample, index) => {
      expect(again.get(index)).toEqual(sample);
    });
  });

  it('differs from index to index, epoch to epoch, seed to seed', () => {
    const sample = makeSample(1);
    const noise = (seed: number, at: object) => compose([gaussNoise({ p: 1 })], { seed })(sample, at).image.data.join();
    const all = [
      noise(1, {}),
      noise(1, { index: 1 }),
      noise(1, { epoch: 1 }),
      noise(1, { index: 1, epoch: 1 }),
      noise(2, {}),
    ];
    expect(new Set(all).size).toBe(5);
    expect(noise(1, { index: 0, epoch: 0 })).toBe(all[0]);
  });

  it('does not depend on what another transform draws', () => {
    const sample = makeSample(2);
    const still: Transform = (one) => one;
    const greedy: Transform = (one, random) => {
      for (let i = 0; i < 100; i++) random.uniform();
      return one;
    };
    const at = { index: 7 };
    const noise = gaussNoise({ p: 1 });
    expect(compose([greedy, noise], { seed: 1 })(sample, at)).toEqual(compose([still, noise], { seed: 1 })(sample, at));
  });

  it('gives two transforms of a kind their own numbers', () => {
    const seen: number[] = [];
    const spy: Transform = (sample, random) => {
      seen.push(random.uniform());
      return sample;
    };
    compose([spy, spy, compose([spy, spy], { seed: 1 })], { seed: 1 })(makeSample(1));
    expect(new Set(seen).size).toBe(4);
  });

  it('nests: an inner pipeline is a transform and follows index and epoch', () => {
    const inner = compose([gaussNoise({ p: 1 })], { seed: 5 });
    const outer = compose([inner, horizontalFlip({ p: 1 })], { seed: 6 });
    const sample = makeSample(1);
    expect(outer(sample, { index: 2 })).toEqual(outer(sample, { index: 2 }));
    expect(outer(sample, { index: 2 }).image.data).not.toEqual(outer(sample, { index: 3 }).image.data);
  });

  it('leaves a share of 1 - p of the samples alone', () => {
    const train = compose([horizontalFlip({ p: 1 })], { seed: 1, p: 0.3 });
    const sample = makeSample(1);
    let changed = 0;
    for (let index = 0; index < 1000; index++) if (train(sample, { index }) !== sample) changed++;
    // Four standard deviations of a binomial count of 1000 at 0.3: 58.
    expect(Math.abs(changed - 300)).toBeLessThan(58);
  });
});

describe('the parts of a sample', () => {
  it('stay together and change nothing of the input: ids are those of the input, sizes agree', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(1000), fc.constantFrom(1, 3), (seed, index, channels) => {
        const sample = makeSample(seed, 20, 24, channels);
        const copy = makeSample(seed, 20, 24, channels);
        const { image, mask, labels, id } = everything(9)(sample, { index });
        expect(sample).toEqual(copy);
        expect([image.shape, mask!.shape, labels!.shape]).toEqual([
          channels === 1 ? [32, 32] : [32, 32, 3],
          [32, 32],
          [32, 32],
        ]);
        expect(image.data).toBeInstanceOf(Uint8Array);
        const classes = new Set(sample.mask!.data);
        const ids = new Set(sample.labels!.data);
        expect([...new Set(mask!.data)].every((value) => classes.has(value))).toBe(true);
        expect([...new Set(labels!.data)].every((value) => value === 0 || ids.has(value))).toBe(true);
        expect(id).toBe(`sample ${seed}`);
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  it('move alike: a mask shown as the image gives the same pixels under nearest interpolation', () => {
    const geometric = compose(
      [
        resize({ height: 31, width: 17, interpolation: 'nearest' }),
        flip(),
        rotate90(),
        transpose(),
        shiftScaleRotate({ interpolation: 'nearest', p: 1 }),
        randomCrop({ height: 15, width: 16 }),
        padToDivisor({ divisor: 8, borderMode: 'reflect' }),
      ],
      { seed: 4 },
    );
    for (let index = 0; index < 25; index++) {
      const { mask } = makeSample(index);
      const labels = createLabels(Int32Array.from(mask!.data), mask!.shape);
      const moved = geometric({ image: createImage(mask!.data, mask!.shape), mask: mask!, labels }, { index });
      expect(moved.mask!.data).toEqual(moved.image.data);
      expect(Array.from(moved.labels!.data)).toEqual(Array.from(moved.image.data));
    }
  });

  it('may be views with strides', () => {
    const sample = makeSample(3);
    const turned = { image: sample.image.transpose(1, 0).step(1, -1), mask: sample.mask!.transpose(1, 0).step(1, -1) };
    const plain = rotate90({ p: 1, turns: 3 })({ image: sample.image, mask: sample.mask! }, new Random(1));
    const train = everything();
    expect(train(turned, { index: 3 })).toEqual(train(plain, { index: 3 }));
  });

  it('keeps other fields through changes of value, not through changes of place', () => {
    const sample = { ...makeSample(1), calibration: { pixelSize: 0.2, unit: 'nm' } };
    expect(gaussNoise({ p: 1 })(sample, new Random(1))).toHaveProperty('calibration');
    expect(resize({ height: 5, width: 5 })(sample, new Random(1))).not.toHaveProperty('calibration');
  });
});

describe('sometimes and oneOf', () => {
  const mark =
    (value: number): Transform =>
    (sample) => ({ ...sample, id: `${value}` });

  it('choose by their shares: 3 to 1 of a half', () => {
    const train = compose([oneOf([mark(0), mark(1)], { p: 0.5, weights: [3, 1] })], { seed: 1 });
    const counts = new Map<string | undefined, number>();
    const { image } = makeSample(1);
    for (let index = 0; index < 2000; index++) {
      const { id } = train({ image }, { index });
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect(Math.abs(counts.get('0')! - 750)).toBeLessThan(90);
    expect(Math.abs(counts.get('1')! - 250)).toBeLessThan(60);
    expect(Math.abs(counts.get(undefined)! - 1000)).toBeLessThan(90);
  });

  it('never or always apply at 0 and 1', () => {
    const sample = makeSample(1);
    for (let i = 0; i < 20; i++) {
      expect(sometimes(0, mark(1))(sample, new Random(i))).toBe(sample);
      expect(sometimes(1, mark(1))(sample, new Random(i)).id).toBe('1');
    }
  });

  it('refuse what is no share', () => {
    expect(() => sometimes(1.5, mark(1))).toThrow(/p must be a finite number at least 0 and at most 1, got 1.5/);
    expect(() => oneOf([])).toThrow(/transforms must hold at least one transform, got none/);
    expect(() => oneOf([mark(1)], { weights: [1, 2] })).toThrow(/weights must have one number a transform, 1, got 2/);
    expect(() => oneOf([mark(1)], { weights: [-1] })).toThrow(/weights\[0\] must be a finite number at least 0/);
  });
});

describe('errors', () => {
  it('name what is wrong with a pipeline', () => {
    const of = (transforms: unknown, options: unknown) => () =>
      compose(transforms as Transform[], options as { seed: number });
    expect(of([], {})).toThrow(/seed must be an integer at least 0, got undefined/);
    expect(of([], { seed: 1, P: 1 })).toThrow(/compose has no option "P"/);
    expect(of([], { seed: 1, p: 2 })).toThrow(/p must be/);
    expect(of(flip(), { seed: 1 })).toThrow(/transforms must be an array, got a function/);
    expect(of([flip(), 3], { seed: 1 })).toThrow(/transforms\[1\] must be a transform, a function, got 3/);
    const train = compose([], { seed: 1 });
    const sample = makeSample(1);
    expect(train(sample)).toBe(sample);
    expect(() => train(sample, { index: -1 })).toThrow(/index must be an integer at least 0, got -1/);
    expect(() => train(sample, { epoch: 0.5 })).toThrow(/epoch must be an integer at least 0, got 0.5/);
    expect(() => train(sample, { step: 1 } as object)).toThrow(/a pipeline has no option "step"/);
  });

  it('name parts that do not fit, for every transform', () => {
    const { image } = makeSample(1);
    const mask = createMask(undefined, [20, 20]);
    const labels = createLabels(undefined, [24, 20]);
    const transforms: Transform[] = [
      compose([], { seed: 1 }),
      flip({ p: 1 }),
      flip({ p: 0 }),
      transpose({ p: 1 }),
      rotate90({ p: 1, turns: 1 }),
      resize({ height: 4, width: 4 }),
      resize({ height: 20, width: 24 }),
      shiftScaleRotate({ p: 1 }),
      gaussNoise({ p: 1 }),
      gaussianBlur({ p: 1 }),
      randomGamma({ p: 1 }),
      randomBrightnessContrast({ p: 1 }),
      randomCrop({ height: 4, width: 4 }),
      padToDivisor(),
      normalize({ normalization: 'image' }),
    ];
    for (const transform of transforms) {
      const random = new Random(1);
      expect(() => transform({ image, mask }, random)).toThrow(
        /mask must have the height and width of image, 20 x 24, got 20 x 20/,
      );
      expect(() => transform({ image, labels }, random)).toThrow(/labels must have the height and width of image/);
      expect(() => transform({} as Sample, random)).toThrow(/sample must be an object with an image/);
    }
  });
});

it('agrees with the pipeline of Albumentations: before normalisation within 2 grey levels, mask but for 1 pixel', () => {
  const [pipeline] = casesOf(
    'hflip -> ssr(12, 1.05, .02, .03) -> brightness_contrast(1.1, .05) -> gaussian_blur(3) -> normalize(imagenet)',
  );
  const { outputs } = pipeline!;
  const shift = { shiftLimitX: [0.02, 0.02], shiftLimitY: [0.03, 0.03] } as const;
  const before = compose(
    [
      horizontalFlip({ p: 1 }),
      shiftScaleRotate({ p: 1, ...shift, scaleLimit: [0.05, 0.05], rotateLimit: [12, 12] }),
      randomBrightnessContrast({ p: 1, contrastLimit: [0.1, 0.1], brightnessLimit: [0.05, 0.05] }),
      gaussianBlur({ p: 1, blurLimit: [3, 3] }),
    ],
    { seed: 1 },
  )(goldenSample('rgb'));
  expect(largestDifference(before.image.data, golden(outputs.rgb_before_normalize).data)).toBeLessThanOrEqual(2);
  expect(differingPixels(before.mask!.data, golden(outputs.mask).data)).toBeLessThanOrEqual(1);
  const after = normalize()(before, new Random(1));
  // Two grey levels over the smallest deviation: 2 / 255 / 0.224.
  expect(largestDifference(after.image.data, golden(outputs.normalized).data)).toBeLessThan(0.0351);
});
