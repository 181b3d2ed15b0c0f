import {
  dilation2d,
  engine,
  getBackend,
  getKernelsForBackend,
  memory,
  mul,
  ones,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model as layersModel, sequential } from '@tensorflow/tfjs-layers';
import {
  type ActivationName,
  annotateModel,
  atomaiUnet,
  efficientnetB0,
  horwathUnet,
  instanceUnet,
  mobilenetV2,
  modelInfo,
  plainUnet,
  resnet18,
  resnet34,
  resnet50,
  separableUnet,
  shallowNet,
  stasUnet,
  type Upsampling,
  unet,
  unetPlusPlus,
} from 'segkit/models';
import { exportOnnx } from 'segkit/onnx';
import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../src/onnx/readOnnx.js';
import { useCpuBackend } from '../helpers/tensorflow.js';
import { difference, noise, runEach, runModel, runModelOutputs, runOnnx, runOutputs, stir, toPlanes } from './run.js';

useCpuBackend();

const any = (channels: number): [null, null, number] => [null, null, channels];
const small = { classes: 2, baseFilters: 3, levels: 2, convolutionsPerLevel: 1 };
const smp = { classes: 2, encoderDepth: 3, decoderChannels: [6, 4, 3] };

/** Every builder and every option that changes the kernels. */
const models: Record<string, () => LayersModel> = {
  'plainUnet of one channel': () => plainUnet({ inputShape: any(1), ...small }),
  'plainUnet of one class': () => plainUnet({ inputShape: any(2), ...small, classes: 1 }),
  'plainUnet of one level and large kernels': () =>
    plainUnet({ inputShape: any(1), ...small, levels: 1, kernelSize: 5 }),
  separableUnet: () => separableUnet({ inputShape: any(1), classes: 2, baseFilters: 3, levels: 2 }),
  'separableUnet without normalisation': () =>
    separableUnet({
      ...{ inputShape: any(3), classes: 3, baseFilters: 2, levels: 2, batchNorm: 'none' },
      ...{ decoderConvolution: 'pointwise', upsampling: 'bilinear' },
    }),
  'unet with resnet18': () => unet({ inputShape: any(3), ...smp, encoder: resnet18() }),
  'unet with resnet34': () => unet({ inputShape: any(1), ...smp, encoder: resnet34() }),
  'unetPlusPlus with resnet18': () =>
    unetPlusPlus({ inputShape: any(3), ...smp, encoder: resnet18(), encoderDepth: 4, decoderChannels: [6, 5, 4, 3] }),
  'unet with resnet50, attention and no normalisation in the decoder': () =>
    unet({
      ...{ inputShape: any(3), ...smp, encoder: resnet50() },
      ...{ decoderUseBatchNorm: false, decoderAttentionType: 'scse' },
    }),
  'unet with efficientnetB0': () => unet({ inputShape: any(3), ...smp, encoder: efficientnetB0() }),
  'unet with mobilenetV2': () => unet({ inputShape: any(1), ...smp, encoder: mobilenetV2() }),
  atomaiUnet: () => atomaiUnet({ inputShape: any(1) }),
  instanceUnet: () => instanceUnet({ inputShape: any(1), baseFilters: 3, levels: 2, representation: 'distance' }),
  shallowNet: () => shallowNet({ inputShape: any(1), filters: 3, kernelSize: 5 }),
};
for (const norm of ['layer', 'instance', 'group', 'batch'] as const) {
  models[`stasUnet with ${norm} normalisation`] = () =>
    stasUnet({
      ...{ inputShape: any(3), encoder: mobilenetV2(), decoderChannels: [8, 8, 4, 4, 4] },
      ...(norm === 'group' ? { groups: 2, upsampling: 'transposed' as const } : { upsampling: 'bilinear' as const }),
      ...{ norm, outputs: 1 },
    });
}
for (const activation of ['linear', 'relu', 'leakyRelu', 'mish', 'swish'] satisfies ActivationName[]) {
  for (const batchNorm of ['none', 'before', 'after'] as const) {
    models[`plainUnet with ${activation}, normalisation ${batchNorm}`] = () =>
      plainUnet({ inputShape: any(1), ...small, activation, batchNorm });
  }
}
for (const upsampling of ['transposed', 'nearest', 'bilinear'] satisfies Upsampling[]) {
  models[`plainUnet upsampled ${upsampling}`] = () => plainUnet({ inputShape: any(2), ...small, upsampling });
}
for (const variant of ['small', 'normalized', 'twoConvolutions', 'twoConvolutionsNormalized'] as const) {
  models[`horwathUnet ${variant}`] = () => horwathUnet({ inputShape: any(1), variant });
}

/** Layers of TensorFlow.js itself. */
const stock: Record<string, () => LayersModel> = {
  'an encoder and decoder of stock layers': () => {
    const image = input({ shape: any(2) });
    const first = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }).apply(image);
    const norm = layers.batchNormalization().apply(first);
    const pooled = layers.maxPooling2d({ poolSize: 2 }).apply(norm);
    const deep = layers.separableConv2d({ filters: 5, kernelSize: 3, padding: 'same' }).apply(pooled);
    const active = layers.leakyReLU({ alpha: 0.2 }).apply(layers.batchNormalization({ scale: false }).apply(deep));
    const up = layers.upSampling2d({ size: [2, 2] }).apply(layers.dropout({ rate: 0.5 }).apply(active));
    const joined = layers.concatenate().apply([norm, up] as never) as never;
    const logits = layers.conv2d({ filters: 3, kernelSize: 1 }).apply(joined);
    return layersModel({ inputs: image, outputs: logits as never });
  },
  'strides, dilations, transposed convolution, bilinear upsampling': () =>
    sequential({
      layers: [
        layers.conv2d({
          inputShape: any(1),
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          activation: 'elu',
        }),
        layers.conv2d({ filters: 4, kernelSize: 3, dilationRate: 2, padding: 'same', activation: 'sigmoid' }),
        layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthMultiplier: 2, activation: 'relu6' }),
        layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'tanh' }),
        layers.averagePooling2d({ poolSize: 2 }),
        layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
        layers.zeroPadding2d({ padding: 1 }),
        layers.conv2d({ filters: 2, kernelSize: 3, activation: 'softmax' }),
      ],
    }),
  'attention by the mean of the channels': () => {
    const image = input({ shape: any(3) });
    const map = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(image);
    const mean = layers.globalAveragePooling2d({}).apply(map);
    const gate = layers.dense({ units: 4, activation: 'sigmoid' }).apply(mean);
    const shaped = layers.reshape({ targetShape: [1, 1, 4] }).apply(gate);
    return layersModel({ inputs: image, outputs: layers.multiply().apply([map, shaped] as never) as never });
  },
};

/** Sizes, in multiples of the divisor, none of which the model was traced with; few pixels where that is large. */
const sizesOf = (divisor: number) =>
  divisor < 16
    ? ([
        [1, 2, 3],
        [2, 4, 1],
        [3, 1, 6],
      ] as const)
    : ([
        [1, 2, 1],
        [2, 1, 3],
        [3, 1, 1],
      ] as const);

describe('exportOnnx', () => {
  it.each(Object.entries({ ...models, ...stock }))(
    '%s: ONNX Runtime computes the same, for any size',
    async (_, make) => {
      const model = make();
      stir(model);
      const file = await exportOnnx(model);
      const divisor = Number(readOnnx(file).metadata['segkit.divisor']);
      const images = sizesOf(divisor).map(([batch, rows, columns]) =>
        noise([batch, rows * divisor, columns * divisor, model.inputs[0]!.shape[3]!]),
      );
      const [optimized, plain] = [await runEach(file, images), await runEach(file, images, false)];
      images.forEach((image, i) => {
        const expected = runModel(model, image);
        expect(difference(optimized[i]!, expected)).toBeLessThan(1e-4);
        expect(difference(plain[i]!, expected)).toBeLessThan(1e-4);
      });
      model.dispose();
    },
  );

  it('writes planes in and out as NCHW', async () => {
    for (const classes of [1, 3]) {
      for (const channels of [1, 2]) {
        const model = plainUnet({ inputShape: any(channels), ...small, classes, upsampling: 'nearest' });
        const file = await exportOnnx(model, { layout: 'NCHW' });
        const image = noise([2, 8, 12, channels]);
        const expected = toPlanes(runModel(model, image));
        expect(difference(await runOnnx(file, toPlanes(image)), expected)).toBeLessThan(1e-5);
        expect(readOnnx(file).inputs[0]!.shape).toEqual(['batch', channels, 'height', 'width']);
        expect(readOnnx(file).outputs[0]!.shape).toEqual(['batch', classes, 'height', 'width']);
        model.dispose();
      }
    }
  });

  it('returns probabilities where asked: softmax of classes, the sigmoid of one', async () => {
    for (const layout of ['NHWC', 'NCHW'] as const) {
      for (const classes of [1, 3]) {
        const model = plainUnet({ inputShape: any(1), ...small, classes });
        const file = await exportOnnx(model, { layout, output: 'probabilities' });
        const logits = await exportOnnx(model, { layout });
        const image = noise(layout === 'NCHW' ? [1, 1, 8, 8] : [1, 8, 8, 1]);
        const [got, plain] = [await runOnnx(file, image), await runOnnx(logits, image)];
        expect(readOnnx(file).outputs[0]!.name).toBe('probabilities');
        const step = layout === 'NCHW' ? 64 : 1;
        for (let pixel = 0; pixel < 64; pixel++) {
          const at = (c: number) => (layout === 'NCHW' ? pixel : pixel * classes) + c * step;
          const powers = Array.from({ length: classes }, (_, c) => Math.exp(plain.data[at(c)]!));
          const sum = powers.reduce((total, power) => total + power, classes === 1 ? 1 : 0);
          powers.forEach((power, c) => {
            expect(got.data[at(c)]).toBeCloseTo(power / sum, 5);
          });
        }
        model.dispose();
      }
    }
  });

  it('fixes the sizes that the model fixes, and leaves the batch free', async () => {
    const model = plainUnet({ inputShape: [8, 12, 1], ...small });
    stir(model);
    const file = await exportOnnx(model);
    expect(readOnnx(file).inputs).toEqual([{ name: 'image', type: 1, shape: ['batch', 8, 12, 1] }]);
    expect(readOnnx(file).metadata['segkit.divisor']).toBe('1');
    const image = noise([3, 8, 12, 1]);
    expect(difference(await runOnnx(file, image), runModel(model, image))).toBeLessThan(1e-5);
    await expect(runOnnx(file, noise([1, 16, 12, 1]))).rejects.toThrow();
    model.dispose();
  });

  it('writes models of vectors too', async () => {
    const model = sequential({
      layers: [
        layers.dense({ inputShape: [5], units: 4, activation: 'relu' }),
        layers.batchNormalization(),
        layers.dense({ units: 3, useBias: false }),
      ],
    });
    stir(model);
    const file = await exportOnnx(model);
    expect(readOnnx(file).inputs[0]!.shape).toEqual(['batch', 5]);
    const vectors = noise([7, 5]);
    expect(difference(await runOnnx(file, vectors), runModel(model, vectors))).toBeLessThan(1e-5);
    await expect(exportOnnx(model, { layout: 'NCHW' })).rejects.toThrow('layout must be NHWC');
    model.dispose();
  });

  it('finds out what sizes are multiples of where the model does not say', async () => {
    const pool = (count: number) => {
      const image = input({ shape: any(1) });
      let features = image;
      for (let i = 0; i < count; i++) features = layers.maxPooling2d({ poolSize: 2 }).apply(features) as never;
      for (let i = 0; i < count; i++) features = layers.upSampling2d({}).apply(features) as never;
      return layersModel({ inputs: image, outputs: layers.concatenate().apply([image, features]) as never });
    };
    for (const [count, divisor] of [
      [0, '1'],
      [1, '2'],
      [3, '8'],
    ] as const) {
      const model = pool(count);
      expect(readOnnx(await exportOnnx(model)).metadata['segkit.divisor']).toBe(divisor);
      model.dispose();
    }
    const model = pool(1);
    expect(readOnnx(await exportOnnx(model, { divisor: 6 })).metadata['segkit.divisor']).toBe('6');
    model.dispose();
  });

  it('tells model, layout, divisor, classes and what the caller adds', async () => {
    const model = plainUnet({ inputShape: any(1), ...small });
    annotateModel(model, { classNames: ['support', 'particle'] });
    const { metadata, outputs } = readOnnx(await exportOnnx(model, { metadata: { trainedOn: 'particles' } }));
    expect(metadata).toEqual({
      'segkit.version': '0.1.0',
      'segkit.model': 'plain_unet',
      'segkit.layout': 'NHWC',
      'segkit.divisor': '4',
      'segkit.classes': '2',
      'segkit.output': 'logits',
      'segkit.info': JSON.stringify(modelInfo(model)),
      trainedOn: 'particles',
    });
    expect(outputs).toEqual([{ name: 'logits', type: 1, shape: ['batch', 'height', 'width', 2] }]);
    model.dispose();
  });

  it('writes all outputs, the first as logits', async () => {
    const nested = unetPlusPlus({
      ...{ inputShape: any(1), ...smp, encoder: resnet18(), deepSupervision: true },
      auxParams: { classes: 3, pooling: 'max' },
    });
    const stas = stasUnet({ inputShape: any(3), encoder: mobilenetV2(), decoderChannels: [8, 8, 4, 4, 4] });
    for (const model of [nested, stas]) {
      stir(model);
      for (const output of ['logits', 'probabilities'] as const) {
        const file = await exportOnnx(model, { output });
        const image = noise([2, 64, 32, model.inputs[0]!.shape[3]!]);
        const [got, expected] = [await runOutputs(file, image), runModelOutputs(model, image)];
        expect([...got.keys()]).toEqual([output, ...model.outputNames.slice(1)]);
        [...got.values()].forEach((values, i) => {
          if (i > 0 || output === 'logits') expect(difference(values, expected[i]!)).toBeLessThan(1e-4);
        });
      }
      model.dispose();
    }
  });

  it('tells outputs apart that are the same, or called as something else is', async () => {
    const image = input({ shape: any(1) });
    const map = layers.conv2d({ filters: 2, kernelSize: 1, name: 'v0' }).apply(image) as never;
    const [same, again] = ['same', 'logits'].map((name) =>
      layers.activation({ activation: 'linear', name }).apply(map),
    );
    const model = layersModel({ inputs: image, outputs: [same, map, again, image] as never });
    const file = await exportOnnx(model);
    const pixels = noise([1, 3, 5, 1]);
    const [got, expected] = [await runOutputs(file, pixels), runModelOutputs(model, pixels)];
    expect(got.size).toBe(4);
    [...got.values()].forEach((values, i) => {
      expect(difference(values, expected[i]!)).toBeLessThan(1e-6);
    });
    model.dispose();
  });

  it('writes the same bytes twice', async () => {
    const model = plainUnet({ inputShape: any(1), ...small });
    expect(await exportOnnx(model)).toEqual(await exportOnnx(model));
    model.dispose();
  });
});

/** Calls a model and counts what is there. */
function stateOf(model: LayersModel) {
  return {
    backend: getBackend(),
    tensors: memory().numTensors,
    bytes: memory().numBytes,
    kernels: getKernelsForBackend('segkit-trace').length,
    registry: Object.keys(engine().registryFactory),
    homes: model.weights.map((weight) => {
      const { dataId } = weight.read();
      return engine().state.tensorInfo.get(dataId)!.backend === engine().backend;
    }),
    calls: model.layers.map((layer) => Object.hasOwn(layer, 'call')),
  };
}

class Unsupported extends layers.Layer {
  static readonly className = 'Unsupported';
  readonly work: (x: Tensor4D) => Tensor;
  constructor(name: string, work: (x: Tensor4D) => Tensor) {
    super({ name });
    this.work = work;
  }
  override computeOutputShape(shape: (number | null)[]): (number | null)[] {
    return shape;
  }
  override call(inputs: Tensor | Tensor[]): Tensor {
    return this.work([inputs].flat()[0] as Tensor4D);
  }
}

function withLayer(work: (x: Tensor4D) => Tensor, shape: [number | null, number | null, number] = any(2)): LayersModel {
  const image = input({ shape });
  const first = layers.conv2d({ filters: 2, kernelSize: 1 }).apply(image);
  return layersModel({ inputs: image, outputs: new Unsupported('odd', work).apply(first as never) as never });
}

describe('exportOnnx leaves the model and TensorFlow.js as they are', () => {
  it('after it has written', async () => {
    const model = unet({ inputShape: any(1), ...smp, encoder: resnet18() });
    const before = stateOf(model);
    await exportOnnx(model);
    expect(stateOf(model)).toEqual(before);
    expect(before.homes.every((home) => home)).toBe(true);
    model.dispose();
  });

  it('after an error in the middle of a layer', async () => {
    const model = withLayer((x) => {
      ones([2, 2]);
      return dilation2d(x, ones([1, 1, 2]), 1, 'same');
    });
    const before = stateOf(model);
    await expect(exportOnnx(model)).rejects.toThrow();
    expect(stateOf(model)).toEqual(before);
    const image = noise([1, 2, 2, 2]);
    expect(() => runModel(model, image)).not.toThrow();
    model.dispose();
  });

  it('where a layer has a method of its own', async () => {
    const model = plainUnet({ inputShape: any(1), ...small });
    const layer = model.layers[2]!;
    const own = layer.call.bind(layer);
    layer.call = own;
    await exportOnnx(model);
    expect(layer.call).toBe(own);
    model.dispose();
  });
});

describe('exportOnnx refuses', () => {
  const refuses = async (model: LayersModel, message: string | RegExp, options = {}) => {
    const error = await exportOnnx(model, options).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(message);
    model.dispose();
    return error as Error;
  };

  it('a kernel without an ONNX form, naming it and the layer', async () => {
    const error = await refuses(
      withLayer((x) => {
        return dilation2d(x, ones([1, 1, 2]), 1, 'same');
      }),
      /exportOnnx cannot write the layer odd \(Unsupported\): the kernel Dilation2D has no ONNX form\./,
    );
    expect(error.name).toBe('EngineError');
  });

  it('a layer that reads values', async () => {
    await refuses(
      withLayer((x) => ones([1, 1, 1, x.dataSync().length])),
      'exportOnnx cannot write the layer odd (Unsupported): it reads values in the middle of the computation.',
    );
  });

  it('what depends on the size otherwise than by a multiple, and takes it for a fixed size', async () => {
    const byArea = (x: Tensor4D) => mul<Tensor4D>(x, Math.sqrt(x.shape[1] * x.shape[2]));
    await refuses(withLayer(byArea), /cannot write kernel Multiply of the layer odd for every size/);
    const fixed = withLayer(byArea, [4, 6, 2]);
    const image = noise([2, 4, 6, 2]);
    expect(difference(await runOnnx(await exportOnnx(fixed), image), runModel(fixed, image))).toBeLessThan(1e-5);
    fixed.dispose();
  });

  it('what never fits together, naming the layer', async () => {
    const image = input({ shape: any(1) });
    const valid = layers.conv2d({ filters: 1, kernelSize: 2 }).apply(image);
    const joined = layers.concatenate({ name: 'meet' }).apply([image, valid] as never);
    await refuses(
      layersModel({ inputs: image, outputs: joined as never }),
      /cannot write the layer meet \(Concatenate\)/,
    );
  });

  it('anything but a model of one input', async () => {
    await expect(exportOnnx({} as never)).rejects.toThrow(
      'model must be a LayersModel, got an object with keys (none).',
    );
    await expect(exportOnnx(undefined as never)).rejects.toThrow('model must be a LayersModel, got undefined.');
    const [a, b] = [input({ shape: any(1) }), input({ shape: any(1) })];
    const sum = layers.add().apply([a, b]) as never;
    await refuses(layersModel({ inputs: [a, b], outputs: sum }), 'model must have one input, got 2.');
  });

  it('bad options', async () => {
    const make = () => plainUnet({ inputShape: any(1), ...small });
    await refuses(make(), 'layout must be one of "NHWC", "NCHW", got "CHW".', { layout: 'CHW' });
    await refuses(make(), 'output must be one of "logits", "probabilities", got "mask".', { output: 'mask' });
    await refuses(make(), 'divisor must be an integer at least 1, got 0.', { divisor: 0 });
    await refuses(make(), 'metadata.a must be text, got 1.', { metadata: { a: 1 } });
    await refuses(make(), 'metadata must be an object of texts, got [].', { metadata: [] });
    await refuses(make(), 'exportOnnx has no option "name"', { name: 'x' });
    await refuses(
      plainUnet({ inputShape: [8, 8, 1], ...small }),
      'divisor must be left out for a model of a fixed input size.',
      { divisor: 4 },
    );
    await refuses(make(), /the input of the model must have a height and width that are multiples of 4/, {
      divisor: 2,
    });
  });
});
