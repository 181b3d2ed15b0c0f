import '@tensorflow/tfjs-backend-cpu';
import {
  engine as core,
  getKernel,
  getKernelsForBackend,
  memory,
  ones,
  registerKernel,
  type Tensor,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model as makeModel, sequential } from '@tensorflow/tfjs-layers';
import { type EngineName, useEngine } from 'segkit/engine';
import { binaryCrossEntropyLoss, crossEntropyLoss, diceLoss, focalLoss, jaccardLoss, type Loss } from 'segkit/losses';
import { horwathUnet, plainUnet, resnet18, separableUnet, unet } from 'segkit/models';
import { adamW, fit } from 'segkit/training';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { trainingKernels } from '../../src/engine/trainingKernels.js';
import { tinySamples, weightsOf } from '../training/tinyProblem.js';

const inputShape = [16, 16, 1] as const;
const engines: readonly EngineName[] = ['cpu', 'wasm', 'onnx'];

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs `work` and returns the names of the kernels that were called. */
async function kernelsOf(work: () => Promise<unknown>): Promise<string[]> {
  const spy = vi.spyOn(core(), 'runKernel');
  await work();
  const names = new Set(spy.mock.calls.map(([name]) => name));
  spy.mockRestore();
  return [...names].sort();
}

/** Takes a kernel away from the active backend while `work` runs. */
function without<T>(kernel: string, backend: EngineName, work: () => T): T {
  const config = getKernel(kernel, backend);
  unregisterKernel(kernel, backend);
  try {
    return work();
  } finally {
    registerKernel(config);
  }
}

describe("preflight('training')", () => {
  const multiclass = { mode: 'multiclass' } as const;
  const cases: readonly [title: string, model: () => LayersModel, loss: Loss, amsgrad?: boolean][] = [
    [
      'unet',
      () => unet({ inputShape, classes: 2, encoder: resnet18(), encoderDepth: 3, decoderChannels: [8, 4, 4] }),
      crossEntropyLoss({ classWeights: [1, 2] }),
    ],
    [
      'plainUnet, bilinear',
      () =>
        plainUnet({
          inputShape,
          classes: 2,
          levels: 2,
          baseFilters: 2,
          activation: 'leakyRelu',
          upsampling: 'bilinear',
        }),
      diceLoss(multiclass),
      true,
    ],
    [
      'plainUnet, nearest',
      () => plainUnet({ inputShape, classes: 2, levels: 2, baseFilters: 2, activation: 'mish', upsampling: 'nearest' }),
      jaccardLoss(multiclass),
    ],
    [
      'separableUnet',
      () => separableUnet({ inputShape, classes: 1, levels: 2, baseFilters: 2 }),
      binaryCrossEntropyLoss(),
    ],
    [
      'horwathUnet',
      () => horwathUnet({ inputShape, variant: 'twoConvolutionsNormalized' }),
      focalLoss({ ...multiclass, ignoreIndex: 9 }),
    ],
  ];

  it.each(cases)('knows every kernel that training takes: %s', async (_, build, loss, amsgrad = false) => {
    await useEngine('cpu', { training: true });
    const network = build();
    const optimizer = adamW(1e-3, { amsgrad });
    const [sample] = tinySamples(1, { side: 16 });
    const kernels = await kernelsOf(() =>
      fit(network, { data: [sample!], validation: [sample!], loss, optimizer, epochs: 1, batchSize: 1, seed: 1 }),
    );
    expect(kernels.filter((kernel) => !trainingKernels.includes(kernel))).toEqual([]);
    expect(kernels.length).toBeGreaterThan(20);
    network.dispose();
    optimizer.dispose();
  });

  it('names kernels of TensorFlow.js, each once, in order', () => {
    const known = getKernelsForBackend('cpu').map(({ kernelName }) => kernelName);
    expect(trainingKernels.filter((kernel) => !known.includes(kernel))).toEqual([]);
    expect(trainingKernels).toEqual([...new Set(trainingKernels)].sort());
  });

  it.each(engines)('finds nothing missing on %s', async (name) => {
    const engine = await useEngine(name, { training: true });
    expect(engine.preflight('training').missing).toEqual([]);
  });

  it('finds what wasm and cpu do slowly, and nothing of that on onnx', async () => {
    expect((await useEngine('wasm', { training: true })).preflight('training').slow).toEqual(['BatchMatMul']);
    expect((await useEngine('cpu')).preflight('training').slow).toContain('Conv2DBackpropFilter');
    expect((await useEngine('onnx', { training: true })).preflight('training').slow).toEqual([]);
  });

  it('names what is missing', async () => {
    const engine = await useEngine('cpu');
    const found = without('MaxPoolGrad', 'cpu', () => engine.preflight('training'));
    expect(found.missing).toEqual(['MaxPoolGrad']);
    expect(found.slow).not.toContain('MaxPoolGrad');
  });
});

describe('preflight of a model', () => {
  it.each(engines)('runs every layer on %s, finds nothing missing and leaves the model as it was', async (name) => {
    const engine = await useEngine(name, { training: true });
    const network = unet({
      inputShape: [null, null, 3],
      classes: 2,
      encoder: resnet18(),
      encoderDepth: 3,
      decoderChannels: [8, 4, 4],
    });
    const before = weightsOf(network);
    const { numTensors } = memory();
    expect(engine.preflight(network).missing).toEqual([]);
    expect(engine.preflight(network, { training: true }).missing).toEqual([]);
    expect(memory().numTensors).toBe(numTensors);
    expect(weightsOf(network)).toEqual(before);
    network.dispose();
  });

  it('asks for the kernels that the model calls, forward and backward', async () => {
    const engine = await useEngine('cpu', { training: true });
    const network = separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 2 });
    const forward = await kernelsOf(async () => engine.preflight(network));
    const image = tinySamples(1, { side: 16 })[0]!.image;
    const called = await kernelsOf(async () => {
      const { predict } = await import('segkit/inference');
      await predict(network, image, { preprocess: (sample) => sample });
    });
    // What prediction does around the network (padding, softmax) is not the model's.
    const around = ['PadV2', 'Softmax', 'Slice', 'ExpandDims', 'Reshape', 'Cast', 'Transpose', 'MirrorPad'];
    expect(called.filter((kernel) => !forward.includes(kernel) && !around.includes(kernel))).toEqual([]);
    expect(forward).toContain('DepthwiseConv2dNative');
    expect(forward).not.toContain('DepthwiseConv2dNativeBackpropFilter');
    const backward = await kernelsOf(async () => engine.preflight(network, { training: true }));
    expect(backward).toEqual(
      expect.arrayContaining(['DepthwiseConv2dNativeBackpropFilter', 'Conv2DBackpropInput', 'MaxPoolGrad']),
    );
    network.dispose();
  });

  it('names each kernel that is missing or slow, layer by layer, and leaves no tensor behind', async () => {
    const engine = await useEngine('wasm', { training: true });
    const network = sequential({
      layers: [
        layers.conv2d({ inputShape: [64, 64, 2], filters: 3, kernelSize: 3, activation: 'relu' }),
        layers.batchNormalization({}),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.reshape({ targetShape: [31, 31, 3, 1] }),
        layers.conv3d({ filters: 1, kernelSize: 1 }),
        layers.flatten(),
        layers.dense({ units: 2 }),
      ],
    });
    const { numTensors } = memory();
    const found = without('MaxPool', 'wasm', () =>
      without('Conv2DBackpropFilter', 'wasm', () => [
        engine.preflight(network),
        engine.preflight(network, { training: true }),
      ]),
    );
    expect(found[0]!.missing).toEqual(['MaxPool']);
    expect(found[0]!.slow).toContain('Conv3D');
    expect(found[1]!.missing).toEqual(expect.arrayContaining(['Conv2DBackpropFilter', 'MaxPool']));
    expect(memory().numTensors).toBe(numTensors);
    network.dispose();
  });

  it('knows which kernels onnx has no graph for', async () => {
    const engine = await useEngine('onnx', { training: true });
    const image = input({ shape: [16, 16, 4] });
    const pooled = layers.conv3d({ filters: 1, kernelSize: 1 });
    const network = makeModel({
      inputs: image,
      outputs: pooled.apply(layers.reshape({ targetShape: [16, 16, 4, 1] }).apply(image)) as never,
    });
    expect(engine.preflight(network)).toMatchObject({ missing: [], slow: ['Conv3D'] });
    network.dispose();
  });

  it('counts on onnx what has run outside of a graph', async () => {
    const engine = await useEngine('onnx', { training: true });
    const network = sequential({ layers: [layers.conv3d({ inputShape: [8, 8, 8, 2], filters: 1, kernelSize: 1 })] });
    const calls = () => engine.slowKernels().find(({ name }) => name === 'Conv3D')?.calls ?? 0;
    const before = calls();
    const x = ones([1, 8, 8, 8, 2]);
    const y = network.predict(x) as Tensor;
    await y.data();
    expect(calls()).toBe(before + 1);
    x.dispose();
    y.dispose();
    network.dispose();
    expect((await useEngine('cpu')).slowKernels()).toEqual([]);
  });

  it('refuses what is no model, and to speak for an engine that is not in use any more', async () => {
    const engine = await useEngine('cpu');
    expect(() => engine.preflight('train' as 'training')).toThrow(
      'subject must be a LayersModel or "training", got "train".',
    );
    expect(() => engine.preflight(null as never)).toThrow('subject must be a LayersModel or "training", got null.');
    expect(() => engine.preflight('training', { train: true } as object)).toThrow('preflight has no option "train"');
    expect(() => engine.preflight('training', { training: 1 } as object)).toThrow(
      'training must be true or false, got 1.',
    );
    await useEngine('wasm');
    expect(() => engine.preflight('training')).toThrow('preflight asks the engine cpu, but wasm is the active one');
  });
});
