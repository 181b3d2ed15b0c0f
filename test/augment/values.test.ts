import fc from 'fast-check';
import { gaussianBlur, gaussNoise, normalize, randomBrightnessContrast, randomGamma } from 'segkit/augment';
import { createImage, type Image, Random } from 'segkit/core';
import { describe, expect, it } from 'vitest';
import { casesOf, golden, goldenSample, largestDifference } from './goldens.js';

const random = new Random(1);

function moments(values: ArrayLike<number>): { mean: number; variance: number; kurtosis: number } {
  const list = Array.from(values);
  const power = (n: number, centre: number) =>
    list.reduce((sum, value) => sum + (value - centre) ** n, 0) / list.length;
  const mean = power(1, 0);
  const variance = power(2, mean);
  return { mean, variance, kurtosis: power(4, mean) / variance ** 2 };
}

const grey = (value: number, type: 'uint8' | 'uint16' | 'float32', size = 256): Image => {
  const length = size * size;
  const data =
    type === 'uint8' ? new Uint8Array(length) : type === 'uint16' ? new Uint16Array(length) : new Float32Array(length);
  return createImage(data.fill(value), [size, size]);
};

describe('gaussNoise', () => {
  it('has the mean, variance and shape of a normal distribution', () => {
    const noise = gaussNoise({ p: 1, varianceRange: [25, 25], mean: 3, maxPixelValue: 255 });
    const { image } = noise({ image: grey(0, 'float32', 512) }, new Random(5));
    const { mean, variance, kurtosis } = moments(image.data);
    // Standard errors over 2^18 values: 5 / 512, 25 sqrt(2) / 512, sqrt(24) / 512.
    expect(Math.abs(mean - 3)).toBeLessThan(4 * (5 / 512));
    expect(Math.abs(variance - 25)).toBeLessThan(4 * ((25 * Math.SQRT2) / 512));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(4 * (Math.sqrt(24) / 512));
    const beyond = (limit: number) => image.data.filter((value) => Math.abs(value - 3) > 5 * limit).length / 2 ** 18;
    expect(beyond(1)).toBeCloseTo(0.3173, 2);
    expect(beyond(2)).toBeCloseTo(0.0455, 2);
    expect(beyond(3.6) * 2 ** 18).toBeGreaterThan(45);
    expect(beyond(3.6) * 2 ** 18).toBeLessThan(125);
  });

  it('means the same on every sample type: variance 50 of 255, 50 x 257^2 of 65535, 50 / 255^2 of 1', () => {
    const noise = gaussNoise({ p: 1, varianceRange: [50, 50] });
    const of = (value: number, type: 'uint8' | 'uint16' | 'float32') =>
      moments(noise({ image: grey(value, type) }, new Random(1)).image.data);
    expect(of(128, 'uint8').variance).toBeGreaterThan(48.5);
    expect(of(128, 'uint8').variance).toBeLessThan(51.5);
    expect(of(128, 'uint8').mean).toBeCloseTo(128, 0);
    expect(of(32768, 'uint16').variance / 257 ** 2).toBeCloseTo(50, 0);
    expect(of(0.5, 'float32').variance * 255 ** 2).toBeCloseTo(50, 0);
  });

  it('draws its variance from the range', () => {
    const all = Array.from({ length: 200 }, (_, i) => {
      const { image } = gaussNoise({ p: 1, maxPixelValue: 255 })({ image: grey(0, 'float32', 64) }, new Random(i));
      return moments(image.data).variance;
    });
    expect(Math.min(...all)).toBeGreaterThan(9);
    expect(Math.min(...all)).toBeLessThan(14);
    expect(Math.max(...all)).toBeGreaterThan(46);
    expect(Math.max(...all)).toBeLessThan(55);
  });

  it('is the same for all channels on request, saturates integers, leaves floats uncut', () => {
    const image = createImage(new Uint8Array(30 * 3).fill(100), [5, 6, 3]);
    const { data } = gaussNoise({ p: 1, perChannel: false })({ image }, random).image;
    for (let i = 0; i < data.length; i += 3) expect([data[i + 1], data[i + 2]]).toEqual([data[i], data[i]]);
    const apart = gaussNoise({ p: 1 })({ image }, random).image.data;
    expect(apart.some((value, i) => i % 3 > 0 && value !== apart[i - 1])).toBe(true);
    const dark = gaussNoise({ p: 1 })({ image: grey(0, 'uint8', 32) }, random).image.data;
    expect(Math.max(...dark)).toBeLessThan(60);
    expect(Math.min(...gaussNoise({ p: 1 })({ image: grey(0, 'float32', 32) }, random).image.data)).toBeLessThan(0);
  });

  it('refuses options out of range', () => {
    expect(() => gaussNoise({ varianceRange: [-1, 5] })).toThrow(
      /varianceRange\[0\] must be a finite number at least 0/,
    );
    expect(() => gaussNoise({ varianceRange: 10 } as never)).toThrow(/varianceRange must be two numbers/);
    expect(() => gaussNoise({ maxPixelValue: 0 })).toThrow(/maxPixelValue must be a finite number above 0, got 0/);
    expect(() => gaussNoise({ var: 1 } as never)).toThrow(/gaussNoise has no option "var"/);
  });
});

describe('normalize', () => {
  it('is (value / 255 - mean) / std: (255 / 255 - 0.485) / 0.229 = 2.2489', () => {
    const image = createImage(new Uint8Array([255, 0, 51]), [1, 1, 3]);
    const { data } = normalize()({ image }, random).image;
    expect(data).toBeInstanceOf(Float32Array);
    [2.2489, -2.0357, -0.9156].forEach((value, c) => {
      expect(data[c]).toBeCloseTo(value, 4);
    });
  });

  it('agrees with Albumentations', () => {
    const [one] = casesOf('normalize').filter(({ name }) => name === 'normalize_half');
    const colour = normalize({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] })(goldenSample('rgb'), random).image;
    expect(largestDifference(colour.data, golden(one!.outputs.rgb).data)).toBeLessThan(1e-6);
    const single = normalize({ mean: 0.5, std: 0.5 })(goldenSample('gray'), random).image;
    expect(largestDifference(single.data, golden(one!.outputs.gray_first_channel_stats).data)).toBeLessThan(1e-6);
  });

  it('scales by the sample type: the same picture in 8, 16 and 32 bits gives the same', () => {
    const eight = createImage(new Uint8Array([0, 51, 255]), [1, 3]);
    const sixteen = createImage(new Uint16Array([0, 13107, 65535]), [1, 3]);
    const float = createImage(new Float32Array([0, 0.2, 1]), [1, 3]);
    const of = (image: Image) => normalize({ mean: 0.4, std: 0.2 })({ image }, random).image.data;
    expect(largestDifference(of(eight), of(sixteen))).toBeLessThan(1e-6);
    expect(largestDifference(of(eight), of(float))).toBeLessThan(1e-6);
    expect(of(eight)[2]).toBeCloseTo(3, 6);
    expect(normalize({ mean: 0, std: 1, maxPixelValue: 51 })({ image: eight }, random).image.data[1]).toBe(1);
  });

  it('takes an image by itself, all channels together or each alone', () => {
    const image = createImage(new Uint8Array([0, 10, 4, 30]), [1, 2, 2]);
    const of = (normalization: 'image' | 'imagePerChannel' | 'minMax' | 'minMaxPerChannel') =>
      Array.from(normalize({ normalization })({ image }, random).image.data);
    expect(of('minMax').map((value) => value * 30)).toEqual([0, 10, 4, 30].map((value) => expect.closeTo(value, 5)));
    expect(of('minMaxPerChannel')).toEqual([0, 0, 1, 1]);
    expect(of('imagePerChannel')).toEqual([-1, -1, 1, 1]);
    const { mean, variance } = moments(of('image'));
    expect(mean).toBeCloseTo(0, 6);
    expect(variance).toBeCloseTo(1, 6);
    const flat = createImage(new Uint8Array(4).fill(7), [2, 2]);
    for (const normalization of ['image', 'minMax'] as const) {
      expect(Array.from(normalize({ normalization })({ image: flat }, random).image.data)).toEqual([0, 0, 0, 0]);
    }
  });

  it('explains a grey image under the default', () => {
    const image = createImage(new Uint8Array(4), [2, 2]);
    expect(() => normalize()({ image }, random)).toThrow(
      /mean must have one number a channel of the image, 1, got \[0.485, 0.456, 0.406\].*ImageNet.*normalization: 'image'/,
    );
  });

  it('refuses options out of range or unused', () => {
    expect(() => normalize({ std: 0 })).toThrow(/std must be a finite number above 0, got 0/);
    expect(() => normalize({ mean: [0.5, Number.NaN] })).toThrow(/mean\[1\] must be a finite number, got NaN/);
    expect(() => normalize({ mean: [] })).toThrow(/mean must hold one number a channel, got none/);
    expect(() => normalize({ normalization: 'image', mean: 0.5 })).toThrow(/takes no mean, std or maxPixelValue/);
    expect(() => normalize({ normalization: 'z' } as never)).toThrow(/normalization must be one of/);
    const image = createImage(new Float32Array([0, Number.NaN]), [1, 2]);
    expect(() => normalize({ normalization: 'minMax' })({ image }, random)).toThrow(/finite samples/);
  });
});

describe('randomBrightnessContrast', () => {
  it('is 1.5 * 100 + 0.1 * 255 = 175.5, to 176', () => {
    const image = createImage(new Uint8Array([100, 200]), [1, 2]);
    const transform = randomBrightnessContrast({ p: 1, contrastLimit: [0.5, 0.5], brightnessLimit: [0.1, 0.1] });
    expect(Array.from(transform({ image }, random).image.data)).toEqual([176, 255]);
  });
  it.each(casesOf('brightness_contrast_adjust'))(
    '$name: Albumentations truncates, so within 1',
    ({ params, outputs }) => {
      const alpha = Number(params.alpha) - 1;
      const beta = Number(params.beta);
      const transform = randomBrightnessContrast({
        p: 1,
        contrastLimit: [alpha, alpha],
        brightnessLimit: [beta, beta],
        brightnessByMax: params.beta_by_max === true,
      });
      for (const kind of ['gray', 'rgb'] as const) {
        const { image } = transform(goldenSample(kind), random);
        expect(largestDifference(image.data, golden(outputs[kind]).data)).toBeLessThanOrEqual(1);
      }
      // Albumentations cuts floats to 0..1; segkit does not.
      const { data } = transform(goldenSample('gray', true), random).image;
      const cut = data.map((value) => Math.min(1, Math.max(0, value)));
      expect(largestDifference(cut, golden(outputs.gray_float32).data)).toBeLessThan(1e-6);
    },
  );
  it('refuses unknown options', () => {
    expect(() => randomBrightnessContrast({ limit: 1 } as never)).toThrow(/has no option "limit"/);
  });
});

describe('randomGamma', () => {
  it('is 255 * (51 / 255)^2 = 10.2, to 10', () => {
    const image = createImage(new Uint8Array([0, 51, 255]), [1, 3]);
    expect(Array.from(randomGamma({ p: 1, gammaLimit: [200, 200] })({ image }, random).image.data)).toEqual([
      0, 10, 255,
    ]);
  });
  it.each(casesOf('gamma_transform'))('$name: Albumentations truncates, so within 1', ({ params, outputs }) => {
    const percent = Number(params.gamma) * 100;
    const transform = randomGamma({ p: 1, gammaLimit: [percent, percent] });
    for (const kind of ['gray', 'rgb'] as const) {
      const { image } = transform(goldenSample(kind), random);
      expect(largestDifference(image.data, golden(outputs[kind]).data)).toBeLessThanOrEqual(1);
    }
    const { data } = transform(goldenSample('gray', true), random).image;
    expect(largestDifference(data, golden(outputs.gray_float32).data)).toBeLessThan(1e-6);
  });
  it('handles 16 bits and refuses negative values and exponents of 0', () => {
    const wide = createImage(new Uint16Array([16384]), [1, 1]);
    const { data } = randomGamma({ p: 1, gammaLimit: [50, 50] })({ image: wide }, random).image;
    expect(data[0]).toBe(Math.round(65535 * Math.sqrt(16384 / 65535)));
    const image = createImage(new Float32Array([-1]), [1, 1]);
    expect(() => randomGamma({ p: 1 })({ image }, random)).toThrow(/no values below 0 for randomGamma, got -1/);
    expect(() => randomGamma({ gammaLimit: [0, 50] })).toThrow(/gammaLimit\[0\] must be a finite number above 0/);
  });
});

describe('gaussianBlur', () => {
  it.each(casesOf('gaussian_blur'))('$name agrees with OpenCV', ({ params, outputs, tolerance }) => {
    const size = Number(params.ksize);
    const sigma = Number(params.sigma);
    const transform = gaussianBlur({ p: 1, blurLimit: [size, size], sigmaLimit: sigma === 0 ? 0 : [sigma, sigma] });
    for (const kind of ['gray', 'rgb'] as const) {
      const { image } = transform(goldenSample(kind), random);
      expect(largestDifference(image.data, golden(outputs[kind]).data)).toBeLessThanOrEqual(tolerance);
    }
    const { data } = transform(goldenSample('gray', true), random).image;
    expect(largestDifference(data, golden(outputs.gray_float32).data)).toBeLessThan(1e-6);
  });
  it('keeps constants, whatever it draws', () => {
    fc.assert(
      fc.property(fc.nat(), fc.boolean(), (seed, free) => {
        const image = createImage(new Float32Array(35).fill(0.7), [5, 7]);
        const transform = gaussianBlur({ p: 1, blurLimit: free ? 0 : [3, 11], sigmaLimit: [0.05, 2] });
        const { data } = transform({ image }, new Random(seed)).image;
        expect(data.every((value) => Math.abs(value - 0.7) < 1e-6)).toBe(true);
      }),
      { seed: 1 },
    );
  });
  it('refuses limits out of range', () => {
    expect(() => gaussianBlur({ blurLimit: [2, 7] })).toThrow(/blurLimit\[0\] must be odd, got 2/);
    expect(() => gaussianBlur({ blurLimit: [3, 5.5] })).toThrow(/blurLimit\[1\] must be an integer/);
    expect(() => gaussianBlur({ blurLimit: 0 })).toThrow(/blurLimit and sigmaLimit cannot both be 0/);
    expect(() => gaussianBlur({ sigmaLimit: [-1, 1] })).toThrow(/sigmaLimit\[0\] must be a finite number at least 0/);
  });
});
