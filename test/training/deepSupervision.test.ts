import { memory } from '@tensorflow/tfjs-core';
import { createImage, createMask } from 'segkit/core';
import { useEngine } from 'segkit/engine';
import { crossEntropyLoss, deepSupervision } from 'segkit/losses';
import { mobilenetV2, plainUnet, stasUnet, unetPlusPlus } from 'segkit/models';
import { adamW, evaluate, fit } from 'segkit/training';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

// On onnx: networks of this size take minutes on cpu.
let before = 0;
beforeAll(async () => {
  await useEngine('onnx', { training: true });
});
beforeEach(() => {
  before = memory().numTensors;
});
afterEach(() => {
  expect(memory().numTensors, 'leaked tensors').toBe(before);
});

const side = 64;
const bright = (i: number): boolean => (i % side) + Math.floor(i / side) < 50;
const sample = {
  image: createImage(
    Float32Array.from({ length: side * side }, (_, i) => (bright(i) ? 1 : -1)),
    [side, side],
  ),
  mask: createMask(
    Uint8Array.from({ length: side * side }, (_, i) => (bright(i) ? 1 : 0)),
    [side, side],
  ),
};
const common = { data: [sample, sample], batchSize: 2, seed: 1 } as const;

describe('fit of a network with several outputs', () => {
  it.each([
    [
      'stasUnet, at three scales',
      () =>
        stasUnet({ inputShape: [null, null, 1], encoder: mobilenetV2(), decoderChannels: [16, 16, 8, 8, 4], seed: 2 }),
    ],
    [
      'unetPlusPlus, at one scale',
      () =>
        unetPlusPlus({
          ...{ inputShape: [null, null, 1], classes: 2, encoder: mobilenetV2(), deepSupervision: true, seed: 2 },
          ...{ encoderDepth: 4, decoderChannels: [16, 8, 8, 4] },
        }),
    ],
  ])('%s: the loss of all falls, the first is measured, steps are epochs', async (_, build) => {
    const model = build();
    const optimizer = adamW(3e-3);
    const steps: number[] = [];
    const falling = (step: number): number => {
      steps.push(step);
      return 0.25 / (1 + step);
    };
    const loss = deepSupervision(crossEntropyLoss(), [1, 0.5, falling]);
    const { epochs } = await fit(model, {
      ...common,
      validation: [sample],
      loss,
      optimizer,
      epochs: 4,
      restoreBest: false,
    });
    expect(epochs.at(-1)!.trainLoss).toBeLessThan(0.8 * epochs[0]!.trainLoss);
    // Twice an epoch: one batch, one validation.
    expect(steps).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    const { loss: measured, miou } = await evaluate(model, { data: [sample], loss });
    expect(miou).toBe(epochs.at(-1)!.miou);
    expect(measured).toBeGreaterThan(epochs.at(-1)!.validationLoss!);
    optimizer.dispose();
    model.dispose();
  });

  it('a loss of one output, or of another number, is refused', async () => {
    const model = stasUnet({ inputShape: [null, null, 1], encoder: mobilenetV2(), decoderChannels: [8, 8, 8, 8, 4] });
    const optimizer = adamW(1e-3);
    const run = (loss: unknown) => fit(model, { ...common, optimizer, epochs: 1, loss: loss as never });
    await expect(run(deepSupervision(crossEntropyLoss(), [1, 1]))).rejects.toThrow('levels must be 2 tensors');
    await expect(run(crossEntropyLoss())).rejects.toThrow('loss must take all 3 outputs of the model');
    const single = plainUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 1 });
    await expect(
      fit(single, { ...common, optimizer, epochs: 1, loss: deepSupervision(crossEntropyLoss(), [1]) }),
    ).rejects.toThrow('levels must be 1 tensors, one a weight, got a Tensor');
    optimizer.dispose();
    model.dispose();
    single.dispose();
  });
});
