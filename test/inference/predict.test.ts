import { memory, sigmoid, softmax, type Tensor, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { compose, normalize } from 'segkit/augment';
import { createImage, createMask, type Image, Random, type Sample, toFloat32 } from 'segkit/core';
import { predict } from 'segkit/inference';
import { plainUnet } from 'segkit/models';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';

useCpuBackend();

function noise(shape: readonly number[], seed = 1): Image {
  const random = new Random(seed);
  const size = shape.reduce((product, side) => product * side, 1);
  return createImage(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
}

/** Each pixel's logits depend on that pixel alone. */
function pointwise(classes: number, side: number | null = null): LayersModel {
  const kernelInitializer = initializers.randomNormal({ seed: 4, stddev: 2 });
  return sequential({
    layers: [layers.conv2d({ inputShape: [side, side, 1], filters: classes, kernelSize: 1, kernelInitializer })],
  });
}

const unet = (options: { classes?: number; size?: number | null } = {}): LayersModel =>
  plainUnet({
    inputShape: [options.size ?? null, options.size ?? null, 1],
    classes: options.classes ?? 2,
    ...{ baseFilters: 2, levels: 2, convolutionsPerLevel: 1 },
  });

/** The model's own answer to one image whose size it takes. */
function direct(model: LayersModel, image: Image): number[] {
  const [height, width] = image.shape as [number, number];
  return tidy(() => {
    const logits = model.apply(tensor4d(Float32Array.from(image.data), [1, height, width, 1])) as Tensor;
    return [...(logits.shape[3] === 1 ? sigmoid(logits) : softmax(logits)).dataSync()];
  });
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

/** Mirrors rows or columns of a map. */
function mirrored(data: ArrayLike<number>, height: number, width: number, channels: number, axis: 0 | 1): number[] {
  const result: number[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (axis === 0 ? height - 1 - row : row) * width + (axis === 1 ? width - 1 - column : column);
      for (let c = 0; c < channels; c++) result.push(data[from * channels + c]!);
    }
  }
  return result;
}

describe('predict', () => {
  it('is softmax of the logits, to the bit, for a size that the model takes', async () => {
    const model = unet();
    const image = noise([8, 12]);
    const probability = await predict(model, image);
    expect(probability.shape).toEqual([8, 12, 2]);
    expect([...probability.data]).toEqual(direct(model, image));
    model.dispose();
  });

  it('is the sigmoid of the only logit, [height, width]', async () => {
    const model = unet({ classes: 1 });
    const image = noise([8, 8, 1]);
    const probability = await predict(model, image);
    expect(probability.shape).toEqual([8, 8]);
    expect([...probability.data]).toEqual(direct(model, image));
    model.dispose();
  });

  it('grows by mirroring at the bottom and right and cuts back: 5 x 6 as the first rows and columns of 8 x 8', async () => {
    const model = unet();
    const image = noise([5, 6]);
    const grown = createImage(
      Float32Array.from({ length: 64 }, (_, i) =>
        image.get([0, 1, 2, 3, 4, 3, 2, 1][i >> 3]!, [0, 1, 2, 3, 4, 5, 4, 3][i & 7]!),
      ),
      [8, 8],
    );
    const expected = direct(model, grown);
    const probability = await predict(model, image);
    expect(probability.shape).toEqual([5, 6, 2]);
    for (let row = 0; row < 5; row++) {
      for (let column = 0; column < 6; column++) {
        expect(probability.get(row, column, 1)).toBe(expected[(row * 8 + column) * 2 + 1]);
      }
    }
    model.dispose();
  });

  it('gives each pixel its own answer whatever the size, for a model that looks at pixels alone', async () => {
    const free = pointwise(3);
    const fixed = pointwise(3, 8);
    for (const shape of [
      [1, 1],
      [2, 9],
      [8, 8],
      [13, 5],
      [30, 17],
    ]) {
      const image = noise(shape);
      const expected = direct(free, image);
      expect([...(await predict(free, image)).data]).toEqual(expected);
      for (const [model, options] of [
        [fixed, {}],
        [fixed, { overlap: 0 }],
        [fixed, { overlap: 0.9 }],
        [free, { tile: 4, overlap: 0.5 }],
        [free, { tile: [7, 3] as const }],
        [free, { divisor: 8 }],
      ] as const) {
        expect(largestDifference((await predict(model, image, options)).data, expected)).toBeLessThan(1e-6);
      }
    }
    free.dispose();
    fixed.dispose();
  });

  it('adds up to 1 at every pixel of a tiled, flipped prediction', async () => {
    const model = unet({ size: 8 });
    const views = ['identity', 'horizontal', 'vertical', 'both'] as const;
    const { data, shape } = await predict(model, noise([19, 11]), { views, overlap: 0.4 });
    expect(shape).toEqual([19, 11, 2]);
    for (let i = 0; i < data.length; i += 2) expect(data[i]! + data[i + 1]!).toBeCloseTo(1, 5);
    model.dispose();
  });

  it('agrees with the whole image away from the borders of tiles: one 3 x 3 convolution sees one pixel further', async () => {
    const model = sequential({
      layers: [
        layers.conv2d({
          ...{ inputShape: [null, null, 1], filters: 2, kernelSize: 3, padding: 'same' },
          kernelInitializer: initializers.randomNormal({ seed: 4 }),
        }),
      ],
    });
    const image = noise([24, 8]);
    const whole = await predict(model, image);
    const tiled = await predict(model, image, { tile: [16, 8], overlap: 0.5 });
    // Tiles of rows 0..15 and 8..23: rows 8 and 15 lie at a border, where zeros were seen, with a weight of 1/9.
    for (let row = 0; row < 24; row++) {
      const difference = largestDifference(
        whole.data.subarray(row * 16, row * 16 + 16),
        tiled.data.subarray(row * 16, row * 16 + 16),
      );
      if (row === 8 || row === 15) expect(difference).toBeLessThan(1 / 9);
      else expect(difference).toBeLessThan(1e-6);
    }
    model.dispose();
  });

  it('turns each view back: the mean of views is that of the single ones', async () => {
    const model = unet();
    const image = noise([8, 8]);
    const flip = (axis: 0 | 1, of: Image) => createImage(new Float32Array(mirrored(of.data, 8, 8, 1, axis)), [8, 8]);
    const horizontal = await predict(model, image, { views: ['horizontal'] });
    const seen = mirrored(direct(model, flip(1, image)), 8, 8, 2, 1);
    expect(largestDifference(horizontal.data, seen)).toBeLessThan(1e-7);
    const both = await predict(model, image, { views: ['both'] });
    const turned = mirrored(mirrored(direct(model, flip(0, flip(1, image))), 8, 8, 2, 1), 8, 8, 2, 0);
    expect(largestDifference(both.data, turned)).toBeLessThan(1e-7);
    const mean = await predict(model, image, { views: ['identity', 'horizontal'] });
    const identity = direct(model, image);
    expect(
      largestDifference(
        mean.data,
        identity.map((value, i) => (value + seen[i]!) / 2),
      ),
    ).toBeLessThan(1e-7);
    model.dispose();
  });

  it('does not care how the image is turned, with all views of a square', async () => {
    const model = unet();
    const image = noise([8, 8]);
    const views = ['identity', 'horizontal', 'vertical', 'both'] as const;
    const straight = await predict(model, image, { views });
    const upsideDown = await predict(model, image.step(-1, 1) as Image, { views });
    expect(largestDifference(mirrored(upsideDown.data, 8, 8, 2, 0), straight.data)).toBeLessThan(1e-6);
    model.dispose();
  });

  it('applies preprocess, a pipeline or a plain function, and leaves the image alone', async () => {
    const model = plainUnet({ inputShape: [null, null, 3], classes: 2, baseFilters: 2, levels: 1 });
    const image = createImage(
      Uint8Array.from({ length: 48 }, (_, i) => i * 5),
      [4, 4, 3],
    );
    const before = image.data.slice();
    const normalized = normalize()({ image }, new Random(0)).image;
    const expected = await predict(model, normalized);
    expect((await predict(model, image, { preprocess: normalize() })).data).toEqual(expected.data);
    const pipeline = compose([normalize()], { seed: 1 });
    expect((await predict(model, image, { preprocess: pipeline })).data).toEqual(expected.data);
    expect(image.data).toEqual(before);
    model.dispose();
  });

  it('tells how far it is, and stops at a signal between passes without a tensor left', async () => {
    const model = unet({ size: 8 });
    const told: number[][] = [];
    await predict(model, noise([16, 8]), {
      overlap: 0,
      views: ['identity', 'both'],
      onProgress: (...at) => told.push(at),
    });
    expect(told).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
    const controller = new AbortController();
    const before = memory().numTensors;
    const running = predict(model, noise([64, 64]), {
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 2) controller.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(memory().numTensors).toBe(before);
    model.dispose();
  });

  it('takes views with strides', async () => {
    const model = unet();
    const image = noise([8, 12]);
    const copy = createImage(new Float32Array(mirrored(image.data, 8, 12, 1, 1)), [8, 12]);
    expect((await predict(model, image.step(1, -1) as Image)).data).toEqual((await predict(model, copy)).data);
    model.dispose();
  });
});

describe('predict refuses', () => {
  const bytes = createImage(new Uint8Array(64), [8, 8]);
  const refuses = async (image: unknown, options: object, message: string, model = unet()) => {
    await expect(predict(model, image as Image, options)).rejects.toThrow(message);
    model.dispose();
  };

  it('integer samples, telling what to do', async () => {
    await refuses(
      bytes,
      {},
      'image must hold float samples, got uint8; give the normalisation that the model was trained',
    );
    const keep = (sample: Sample) => sample;
    await refuses(bytes, { preprocess: keep }, 'the image that preprocess returns must hold float samples, got uint8');
    const model = unet();
    expect(
      (await predict(model, bytes, { preprocess: (sample: Sample) => ({ image: toFloat32(sample.image) }) })).shape[0],
    ).toBe(8);
    model.dispose();
  });

  it('images that do not fit', async () => {
    await refuses(noise([8, 8, 3]), {}, "image must have the model's number of channels, 1, got 3.");
    const bad = noise([8, 8]);
    bad.set(1, 1, Number.NaN);
    await refuses(bad, {}, 'image must hold finite samples, got NaN at index 9.');
    const smaller = () => ({ image: noise([4, 4]) });
    await refuses(
      bytes,
      { preprocess: smaller },
      'the image that preprocess returns must have the height and width of image, 8 x 8, got 4 x 4.',
    );
    await refuses(createMask(undefined, [8, 8]).data, {}, 'image must be an image');
  });

  it('options out of range', async () => {
    const image = noise([8, 8]);
    await refuses(image, { tile: 6 }, 'tile must be a multiple of 4, got 6.');
    await refuses(image, { tile: 16 }, "tile must be the size of the model's input, 8 x 8, got 16.", unet({ size: 8 }));
    await refuses(image, { tile: [8] }, 'tile must be a number or [height, width], got [8].');
    await refuses(
      image,
      { divisor: 4 },
      'divisor must be left out for a model of a fixed input size.',
      unet({ size: 8 }),
    );
    await refuses(image, { divisor: 0 }, 'divisor must be an integer at least 1, got 0.');
    await refuses(image, { overlap: 1 }, 'overlap must be a finite number at least 0 and below 1, got 1.');
    await refuses(image, { views: [] }, 'views must be an array of one or more different views, got [].');
    await refuses(image, { views: ['diagonal'] }, 'views[0] must be one of "identity", "horizontal"');
    await refuses(image, { mode: 'binary' }, "mode must fit the model: 'binary' for one channel of logits");
    await refuses(image, { tta: true }, 'predict has no option "tta"');
  });

  it('models that are none, or change the size', async () => {
    await expect(predict({} as never, noise([8, 8]))).rejects.toThrow('model must be a LayersModel');
    const shrinking = () =>
      sequential({ layers: [layers.conv2d({ inputShape: [null, null, 1], filters: 2, kernelSize: 3 })] });
    await refuses(noise([8, 8]), {}, 'model must return logits of the size of its image', shrinking());
    await refuses(
      noise([8, 8]),
      { divisor: 4 },
      "the model's logits must have shape [1, 8, 8, 2], got [1, 6, 6, 2].",
      shrinking(),
    );
  });
});
