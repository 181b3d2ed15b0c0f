import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  clipByValue,
  dispose,
  memory,
  train as optimizers,
  randomNormal,
  setBackend,
  type Tensor,
  tensor3d,
  tensor4d,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createImage, Random } from 'segkit/core';
import { predict } from 'segkit/inference';
import {
  binaryCrossEntropyLoss,
  crossEntropyLoss,
  diceLoss,
  focalLoss,
  jaccardLoss,
  type Loss,
  sumLosses,
} from 'segkit/losses';
import { plainUnet, resnet18, separableUnet, unet, unetPlusPlus } from 'segkit/models';
import { adamW } from 'segkit/training';
import { describe, expect, it } from 'vitest';
import { segmentationModel } from '../../../src/training/segmentationModel.js';
import { trainableVariables, trainStep } from '../../../src/training/trainStep.js';
import { makeUnet } from '../network.js';
import { onnxBackend, useOnnxBackend } from './compare.js';

useOnnxBackend();

interface Problem {
  readonly model: () => LayersModel;
  readonly loss: Loss;
  readonly size: number;
  readonly channels: number;
  readonly classes: number;
  readonly steps: number;
}

/** Trains from fixed weights on fixed images; returns the losses and the weights, and frees everything. */
async function train(
  backend: 'cpu' | 'onnx',
  { model: build, loss, size, channels, classes, steps }: Problem,
): Promise<{ losses: number[]; weights: { name: string; values: Float32Array }[] }> {
  await setBackend(backend);
  const random = new Random(3);
  const model = build();
  const target = segmentationModel(model);
  const variables = trainableVariables(target);
  const numbers = Float32Array.from({ length: 2 * size * size * channels }, () => random.uniform(-1, 1));
  const ids = Int32Array.from({ length: 2 * size * size }, (_, i) => ((i % size) * 2 < size ? 0 : 1));
  const images = tensor4d(numbers, [2, size, size, channels]);
  const truth: Tensor =
    classes === 1 ? tensor4d(Float32Array.from(ids), [2, size, size, 1]) : tensor3d(ids, [2, size, size]);
  const optimizer = adamW(1e-2);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const batch = { images, target: truth } as Parameters<typeof trainStep>[2];
    const options = { loss, optimizer, clipNorm: step % 2 ? 1 : undefined, keepLogits: false };
    losses.push((await trainStep(target, variables, batch, options)).loss);
  }
  const weights = model.weights.map((weight) => ({
    name: weight.originalName,
    values: (weight.read() as Variable).dataSync().slice() as Float32Array,
  }));
  optimizer.dispose();
  model.dispose();
  dispose([images, truth]);
  return { losses, weights };
}

/** Memory of the process, less the garbage in the heap of V8 and what the heap keeps for later. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}

const dice = diceLoss({ mode: 'multiclass' });
const small = { size: 12, channels: 1, classes: 2, steps: 20, loss: dice } as const;

describe('20 steps on cpu and on onnx, from the same weights', () => {
  it.each<[string, Problem]>([
    [
      'a plain U-Net',
      {
        ...small,
        loss: sumLosses([
          [1, crossEntropyLoss()],
          [1, dice],
        ]),
        model: () => plainUnet({ inputShape: [12, 12, 1], classes: 2, baseFilters: 4, levels: 2, seed: 1 }),
      },
    ],
    [
      'a separable U-Net',
      {
        ...small,
        loss: focalLoss({ mode: 'multiclass', alpha: 0.25 }),
        model: () => separableUnet({ inputShape: [12, 12, 1], classes: 2, baseFilters: 4, levels: 2, seed: 2 }),
      },
    ],
  ])('%s ends with the same weights', async (_, problem) => {
    const expected = await train('cpu', problem);
    const actual = await train('onnx', problem);
    actual.losses.forEach((loss, step) => {
      expect(loss, `loss of step ${step}`).toBeCloseTo(expected.losses[step]!, 4);
    });
    expect(actual.losses.at(-1)!).toBeLessThan(actual.losses[0]! * 0.8);
    actual.weights.forEach(({ name, values }, i) => {
      const wanted = expected.weights[i]!.values;
      const error = values.reduce((worst, value, k) => Math.max(worst, Math.abs(value - wanted[k]!)), 0);
      const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // Weights that barely matter have gradients near 0, whose sign AdamW turns into whole steps.
      expect(error / (1 + largest), name).toBeLessThan(5e-3);
    });
  });
});

describe('models, losses and the optimiser of segkit on onnx', () => {
  const multiclass = { ...small, steps: 2 };
  const plain = (options: Partial<Parameters<typeof plainUnet>[0]>) => () =>
    plainUnet({ inputShape: [12, 12, 1], classes: 2, baseFilters: 3, levels: 2, seed: 1, ...options });
  const binary = { ...multiclass, classes: 1, model: plain({ classes: 1 }) };
  const large = { ...multiclass, size: 32, channels: 3 } as const;
  const options = {
    inputShape: [32, 32, 3],
    classes: 2,
    encoder: resnet18(),
    encoderDepth: 3,
    decoderChannels: [8, 4, 4],
  } as const;
  it.each<[string, Problem]>([
    [
      'leaky ReLU before the norm, bilinear',
      { ...multiclass, model: plain({ batchNorm: 'after', activation: 'leakyRelu', upsampling: 'bilinear' }) },
    ],
    ['mish, nearest', { ...multiclass, model: plain({ activation: 'mish', upsampling: 'nearest' }) }],
    ['swish, no norm', { ...multiclass, model: plain({ activation: 'swish', batchNorm: 'none' }) }],
    ['5 x 5', { ...multiclass, model: plain({ kernelSize: 5 }) }],
    ['unet', { ...large, model: () => unet(options) }],
    ['unetPlusPlus', { ...large, model: () => unetPlusPlus(options) }],
    [
      'cross entropy',
      {
        ...multiclass,
        model: plain({}),
        loss: crossEntropyLoss({ classWeights: [1, 3], smooth: 0.1, ignoreIndex: 9 }),
      },
    ],
    [
      'focal, multiclass',
      {
        ...multiclass,
        model: plain({}),
        loss: focalLoss({ mode: 'multiclass', gamma: 1.5, normalized: true, reducedThreshold: 0.5 }),
      },
    ],
    ['jaccard', { ...multiclass, model: plain({}), loss: jaccardLoss({ mode: 'multiclass' }) }],
    ['binary cross entropy', { ...binary, loss: binaryCrossEntropyLoss({ beta: 0.7 }) }],
    [
      'binary focal and dice',
      {
        ...binary,
        loss: sumLosses([
          [1, focalLoss({ mode: 'binary' })],
          [1, diceLoss({ mode: 'binary' })],
        ]),
      },
    ],
  ])('%s: all of a training step is one graph, and prediction works', async (_, problem) => {
    const backend = onnxBackend();
    const slow = new Map(backend.slowKernels);
    const tensors = memory().numTensors;
    const { losses } = await train('onnx', problem);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses).toHaveLength(2);
    expect([...backend.slowKernels].filter(([name, calls]) => slow.get(name) !== calls)).toEqual([]);
    const model = problem.model();
    const { size, channels } = problem;
    const image = createImage(new Float32Array(size * size * channels), [size, size, channels]);
    const { data } = await predict(model, image, { views: ['identity', 'horizontal'] });
    expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
    model.dispose();
    expect([...backend.slowKernels].filter(([name, calls]) => slow.get(name) !== calls)).toEqual([]);
    expect(memory().numTensors).toBe(tensors);
  });

  it('LayersModel.fit, which reads losses now and then, runs step by step on few programs', async () => {
    const backend = onnxBackend();
    const [programs, slow] = [backend.programs, new Map(backend.slowKernels)];
    const tensors = memory().numTensors;
    const model = makeUnet({ size: 16, base: 4, seed: 1, up: 'transposed' });
    const optimizer = optimizers.adam(1e-2);
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const images = randomNormal([24, 16, 16, 1], 0, 1, 'float32', 1);
    const truth = clipByValue(images, 0, 1);
    const { history } = await model.fit(images, truth, { epochs: 4, batchSize: 2, shuffle: false, verbose: 0 });
    expect(history.loss!.at(-1) as number).toBeLessThan((history.loss![0] as number) * 0.8);
    // With work of a few numbers compiled too, as here; 48 steps each on their own would be many more.
    expect(backend.programs - programs).toBeLessThan(20);
    const later = backend.programs;
    await model.fit(images, truth, { epochs: 2, batchSize: 2, shuffle: false, verbose: 0 });
    // The layers part reads losses by the clock, so that a step more or less may share a graph with reading them.
    expect(backend.programs - later).toBeLessThan(5);
    expect([...backend.slowKernels].filter(([name, calls]) => slow.get(name) !== calls)).toEqual([]);
    model.dispose();
    optimizer.dispose();
    dispose([images, truth]);
    expect(memory().numTensors).toBe(tensors);
  });

  it('leaves weights and moments as they were where the loss is not finite', async () => {
    const model = plainUnet({ inputShape: [16, 16, 1], classes: 2, baseFilters: 2, levels: 1, seed: 1 });
    const target = segmentationModel(model);
    const variables = trainableVariables(target);
    const before = variables.map((variable) => variable.dataSync().slice());
    const optimizer = adamW(1e-2);
    const images = tensor4d(new Float32Array(256).fill(Number.NaN), [1, 16, 16, 1]);
    const truth = tensor3d(new Int32Array(256), [1, 16, 16]);
    const batch = { images, target: truth } as Parameters<typeof trainStep>[2];
    const { loss } = await trainStep(target, variables, batch, {
      loss: dice,
      optimizer,
      clipNorm: undefined,
      keepLogits: false,
    });
    expect(loss).toBeNaN();
    expect(variables.map((variable) => variable.dataSync())).toEqual(before);
    const state = await optimizer.getWeights();
    expect([...(await state[1]!.tensor.data())]).toEqual(variables.map(() => 0));
    dispose(state.map(({ tensor }) => tensor));
    optimizer.dispose();
    model.dispose();
    dispose([images, truth]);
  });

  it('grow neither in tensors nor in memory over 400 steps', async () => {
    const model = plainUnet({
      ...{ inputShape: [64, 64, 1], classes: 2, baseFilters: 2, levels: 1 },
      ...{ convolutionsPerLevel: 1, seed: 1 },
    });
    const target = segmentationModel(model);
    const variables = trainableVariables(target);
    const optimizer = adamW(1e-3);
    const images = tensor4d(
      new Float32Array(8192).map((_, i) => Math.sin(i)),
      [2, 64, 64, 1],
    );
    const truth = tensor3d(
      new Int32Array(8192).map((_, i) => i % 2),
      [2, 64, 64],
    );
    const batch = { images, target: truth } as Parameters<typeof trainStep>[2];
    const options = { loss: dice, optimizer, clipNorm: undefined, keepLogits: false };
    const programs = onnxBackend().programs;
    const held: number[] = [];
    const counts: number[][] = [];
    for (let step = 1; step <= 400; step++) {
      await trainStep(target, variables, batch, options);
      if (step % 100 > 0) continue;
      counts.push([memory().numTensors, onnxBackend().numDataIds()]);
      held.push(heldBytes());
    }
    expect(counts).toEqual(counts.map(() => counts[0]));
    expect(onnxBackend().programs - programs).toBe(1);
    // By a few MB up or down as measured; 300 steps that kept 133 kB each would show.
    expect(held.at(-1)! - held[0]!).toBeLessThan(40e6);
    optimizer.dispose();
    model.dispose();
    dispose([images, truth]);
  });
});
