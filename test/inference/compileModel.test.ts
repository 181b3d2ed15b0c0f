import { getBackend, memory, ones, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model as layersModel, sequential } from '@tensorflow/tfjs-layers';
import * as onnxruntime from 'onnxruntime-node';
import { normalize } from 'segkit/augment';
import { createImage, type Image, Random } from 'segkit/core';
import { compileModel, type OnnxRuntime, type PredictOptions, predict } from 'segkit/inference';
import { mainOutput, plainUnet, resnet18, separableUnet, unetPlusPlus } from 'segkit/models';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';
import { noise, stir } from '../onnx/run.js';

useCpuBackend();

const image = (shape: readonly number[], seed = 1): Image => createImage(noise(shape, seed).data, shape);
const unet = (options: { classes?: number; size?: number | null; channels?: number } = {}): LayersModel => {
  const model = plainUnet({
    inputShape: [options.size ?? null, options.size ?? null, options.channels ?? 1],
    classes: options.classes ?? 2,
    ...{ baseFilters: 2, levels: 2, convolutionsPerLevel: 1 },
  });
  stir(model);
  return model;
};

/** Compiles a model and compares its predictions with those of `predict`. */
async function expectSame(model: LayersModel, images: readonly Image[], options: PredictOptions = {}): Promise<void> {
  const compiled = await compileModel(model, { threads: 1 });
  for (const each of images) {
    const expected = await predict(model, each, options);
    const got = await compiled.predict(each, options);
    expect(got.shape).toEqual(expected.shape);
    const most = Math.max(...got.data.map((value, i) => Math.abs(value - expected.data[i]!)));
    expect(most).toBeLessThan(1e-5);
  }
  await compiled.dispose();
  model.dispose();
}

describe('a compiled model predicts what predict does', () => {
  it('for images of any size, of two classes and of one', async () => {
    const sizes = [
      [1, 1],
      [5, 6],
      [8, 8, 1],
      [13, 30],
    ].map((shape) => image(shape));
    await expectSame(unet(), sizes);
    await expectSame(unet({ classes: 1 }), sizes);
    await expectSame(unet({ size: 8 }), sizes);
  });

  it('for other networks', async () => {
    const separable = separableUnet({ inputShape: [null, null, 3], classes: 3, baseFilters: 2, levels: 2 });
    stir(separable);
    await expectSame(separable, [image([9, 14, 3])]);
    const nested = unetPlusPlus({
      ...{ inputShape: [null, null, 3], classes: 2, encoder: resnet18() },
      ...{ encoderDepth: 3, decoderChannels: [4, 3, 2] },
    });
    await expectSame(nested, [image([17, 8, 3])]);
    const stock = sequential({
      layers: [
        layers.conv2d({ inputShape: [null, null, 1], filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }),
        layers.maxPooling2d({ poolSize: 3 }),
        layers.upSampling2d({ size: [3, 3] }),
        layers.conv2d({ filters: 2, kernelSize: 1 }),
      ],
    });
    await expectSame(stock, [image([7, 10])]);
  });

  it('with tiles, overlaps and every view', async () => {
    await expectSame(unet(), [image([19, 11])], { tile: 8, overlap: 0.4, views: ['vertical', 'both', 'horizontal'] });
    await expectSame(unet(), [image([19, 11])], { tile: [8, 4], overlap: 0, divisor: 4 });
    await expectSame(unet({ size: 8, classes: 1 }), [image([19, 11])], { views: ['identity', 'horizontal'] });
  });

  it('with a normalisation', async () => {
    const bytes = createImage(
      Uint8Array.from({ length: 5 * 6 * 3 }, (_, i) => (i * 37) % 256),
      [5, 6, 3],
    );
    await expectSame(unet({ channels: 3 }), [bytes], { preprocess: normalize() });
  });

  it('tells how far it is, and stops at a signal', async () => {
    const model = unet({ size: 8 });
    const compiled = await compileModel(model);
    const told: number[][] = [];
    await compiled.predict(image([16, 8]), {
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
    const running = compiled.predict(image([64, 64]), {
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 2) controller.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    await compiled.dispose();
    model.dispose();
  });
});

describe('compileModel', () => {
  it('says what the network takes and gives, and keeps no tensor', async () => {
    const model = unet({ channels: 3 });
    const before = memory().numTensors;
    const compiled = await compileModel(model);
    expect(compiled).toMatchObject({ channels: 3, classes: 2, divisor: 4 });
    expect(memory().numTensors).toBe(before);
    expect(getBackend()).toBe('cpu');
    await compiled.dispose();
    model.dispose();
  });

  it('holds the weights of its moment', async () => {
    const model = unet();
    const compiled = await compileModel(model);
    const picture = image([8, 8]);
    const before = await predict(model, picture);
    stir(model, 2);
    const weights = model.getWeights().map((weight) => ones(weight.shape));
    model.setWeights(weights);
    for (const weight of weights) weight.dispose();
    const { data } = await compiled.predict(picture);
    expect(Math.max(...data.map((value, i) => Math.abs(value - before.data[i]!)))).toBeLessThan(1e-5);
    model.dispose();
    expect((await compiled.predict(picture)).data).toEqual(data);
    await compiled.dispose();
  });

  it('lets several predictions run at once, and what is under way end before it frees', async () => {
    const model = unet();
    const compiled = await compileModel(model);
    const pictures = [1, 2, 3].map((seed) => image([24, 16], seed));
    const together = await Promise.all(pictures.map((picture) => compiled.predict(picture)));
    for (const [i, picture] of pictures.entries()) {
      expect((await compiled.predict(picture)).data).toEqual(together[i]!.data);
    }
    const running = compiled.predict(pictures[0]!);
    await compiled.dispose();
    await compiled.dispose();
    await running.catch((error: Error) => expect(error.message).toMatch('has been disposed'));
    const late = await compiled.predict(pictures[0]!).catch((error: Error) => error);
    expect(late).toMatchObject({
      name: 'EngineError',
      message: 'this network has been disposed; it cannot predict.',
    });
    model.dispose();
  });

  it('takes the threads and the runtime that it is given', async () => {
    const create = vi.spyOn(onnxruntime.InferenceSession, 'create');
    const model = unet();
    const compiled = await compileModel(model, { threads: 2, runtime: onnxruntime });
    expect(create.mock.calls[0]![1]).toMatchObject({ intraOpNumThreads: 2, graphOptimizationLevel: 'all' });
    expect((await compiled.predict(image([4, 4]))).shape).toEqual([4, 4, 2]);
    await compiled.dispose();
    model.dispose();
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('compileModel refuses', () => {
  const refuses = async (model: LayersModel, options: object, message: string | RegExp) => {
    await expect(compileModel(model, options)).rejects.toThrow(message);
    model.dispose();
  };

  it('a module that is no runtime, and a runtime that fails', async () => {
    await refuses(
      unet(),
      { runtime: {} },
      'runtime must be the module onnxruntime-web or onnxruntime-node, got an object',
    );
    await refuses(
      unet(),
      { runtime: null },
      'runtime must be the module onnxruntime-web or onnxruntime-node, got null.',
    );
    const failing: OnnxRuntime = {
      Tensor: onnxruntime.Tensor,
      InferenceSession: { create: () => Promise.reject(new Error('out of luck\nand more')) },
    };
    await refuses(unet(), { runtime: failing }, 'ONNX Runtime cannot load the network: out of luck');
  });

  it('bad options, and models that predict refuses too', async () => {
    await refuses(unet(), { threads: 0 }, 'threads must be an integer at least 1 and at most 1024, got 0.');
    await refuses(unet(), { tile: 8 }, 'compileModel has no option "tile"; it takes threads, divisor, mode, runtime.');
    await refuses(unet({ size: 8 }), { divisor: 4 }, 'divisor must be left out for a model of a fixed input size.');
    await expect(compileModel({} as never)).rejects.toThrow('model must be a LayersModel');
    const shrinking = () =>
      sequential({ layers: [layers.conv2d({ inputShape: [null, null, 1], filters: 2, kernelSize: 3 })] });
    await refuses(shrinking(), {}, 'model must return logits of the size of its image');
    const two = unetPlusPlus({
      ...{ inputShape: [null, null, 1], classes: 2, encoder: resnet18(), deepSupervision: true },
      ...{ encoderDepth: 3, decoderChannels: [4, 3, 2] },
    });
    await expect(compileModel(two)).rejects.toThrow(
      /must take one input .* mainOutput\(model\) has the first alone\.$/,
    );
    const compiled = await compileModel(mainOutput(two), { threads: 1 });
    expect((await compiled.predict(image([8, 8]))).shape).toEqual([8, 8, 2]);
    await compiled.dispose();
    two.dispose();
  });

  it('a layer without an ONNX form', async () => {
    class Reading extends layers.Layer {
      static readonly className = 'Reading';
      override call(inputs: Tensor | Tensor[]): Tensor {
        const x = [inputs].flat()[0] as Tensor4D;
        x.dataSync();
        return x.clone();
      }
    }
    const picture = input({ shape: [null, null, 1] });
    const model = layersModel({ inputs: picture, outputs: new Reading({ name: 'eye' }).apply(picture) as never });
    await refuses(model, {}, 'exportOnnx cannot write the layer eye (Reading): it reads values');
  });
});

describe('a compiled model refuses', () => {
  it('what predict refuses, in the same words, and divisors that it was not compiled for', async () => {
    const model = unet();
    const compiled = await compileModel(model);
    const bytes = createImage(new Uint8Array(64), [8, 8]);
    const cases: readonly [Image, PredictOptions][] = [
      [bytes, {}],
      [image([8, 8, 3]), {}],
      [image([8, 8]), { tile: 6 }],
      [image([8, 8]), { overlap: 1 }],
      [image([8, 8]), { mode: 'binary' }],
      [image([8, 8]), { tta: true } as PredictOptions],
      [createImage(new Float32Array(4).fill(Number.NaN), [2, 2]), {}],
    ];
    for (const [picture, options] of cases) {
      const expected = await predict(model, picture, options).catch((error: Error) => error.message);
      expect(typeof expected).toBe('string');
      await expect(compiled.predict(picture, options)).rejects.toThrow(expected as string);
    }
    const six = compiled.predict(image([8, 8]), { divisor: 6 });
    await expect(six).rejects.toThrow("divisor must be a multiple of the network's, 4, got 6.");
    expect((await compiled.predict(image([5, 5], new Random(1).integer(1, 9)), { divisor: 8 })).shape).toEqual([
      5, 5, 2,
    ]);
    await compiled.dispose();
    model.dispose();
  });
});
