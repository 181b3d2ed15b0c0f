import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  dispose,
  memory,
  type Scalar,
  setBackend,
  type Tensor,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { useEngine } from 'segkit/engine';
import { focalLoss, jaccardLoss, sumLosses } from 'segkit/losses';
import {
  countParameters,
  loadStateDict,
  resnet18,
  resnet34,
  type SmpNetworkOptions,
  saveSafetensors,
  unet,
  unetPlusPlus,
} from 'segkit/models';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { filledImage, filledTarget, golden, goldenArray, goldenCase, listed, safetensors } from './golden.js';

const BUILDERS = { Unet: unet, UnetPlusPlus: unetPlusPlus };
const ENCODERS = { resnet18, resnet34 };

// On wasm: the cpu backend takes ten seconds and more for one image.
describe('Unet and UnetPlusPlus equal SMP', () => {
  let before = 0;
  beforeAll(async () => {
    await useEngine('wasm', { training: true });
  });
  beforeEach(() => {
    before = memory().numTensors;
  });
  afterEach(() => {
    expect(memory().numTensors, 'leaked tensors').toBe(before);
  });
  afterAll(async () => {
    await setBackend('cpu');
  });

  const cases: [keyof typeof BUILDERS, keyof typeof ENCODERS, string, Partial<SmpNetworkOptions>, number][] = [
    ['UnetPlusPlus', 'resnet34', '', {}, 3],
    ['Unet', 'resnet18', '_depth3', { encoderDepth: 3, decoderChannels: [256, 128, 64] }, 3],
  ];
  for (const [arch, encoder, variant, extra, channels] of cases) {
    it(`forward_${arch}_${encoder}${variant}_64x64: logits within 1e-4 of the largest`, async () => {
      const model = BUILDERS[arch]({
        inputShape: [null, null, channels],
        classes: 1,
        encoder: ENCODERS[encoder](),
        ...extra,
      });
      const names = listed(await saveSafetensors(model));
      if (variant === '') {
        const wanted = golden.stateDicts[`${arch}|${encoder}`]!;
        expect(new Map(names)).toEqual(new Map(wanted));
        expect(names.length).toBe(wanted.length);
      }
      const report = loadStateDict(model, safetensors(names));
      expect(report.loaded.length).toBe(names.filter(([name]) => !name.endsWith('num_batches_tracked')).length);
      const image = filledImage(1, 64, 64, channels);
      const logits = model.predict(image) as Tensor;
      const got = logits.dataSync();
      const { data, shape } = goldenArray(goldenCase(`forward_${arch}_${encoder}${variant}_64x64`).outputs.logits);
      const classes = shape[1]!;
      expect(logits.shape).toEqual([1, 64, 64, classes]);
      let worst = 0;
      let largest = 0;
      for (let i = 0; i < data.length; i++) {
        const wanted = data[i]!;
        worst = Math.max(worst, Math.abs(wanted - got[(i % 4096) * classes + Math.floor(i / 4096)]!));
        largest = Math.max(largest, Math.abs(wanted));
      }
      expect(worst).toBeLessThanOrEqual(1e-4 * largest);
      dispose([image, logits]);
      model.dispose();
    });
  }

  it('a training step of Unet resnet18 has the loss and the gradients of PyTorch', () => {
    const model = unet({ inputShape: [64, 64, 3], classes: 2, encoder: resnet18() });
    const names = golden.stateDicts['Unet|resnet18']!.map(([name, shape]): [string, number[]] => [
      name,
      name.startsWith('segmentation_head') ? [2, ...shape.slice(1)] : shape,
    ]);
    loadStateDict(model, safetensors(names));
    const image = filledImage(2, 64, 64, 3);
    const target = filledTarget(2, 64, 64);
    // SMP 0.3.3, which made the goldens, adds the focal losses of the classes up.
    const loss = sumLosses([
      [1, focalLoss({ mode: 'multiclass', alpha: 0.25, gamma: 2, smp: '0.3.3' })],
      [1, jaccardLoss({ mode: 'multiclass' })],
    ]);
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    const { value, grads } = variableGrads(
      () => loss(target, model.apply(image, { training: true }) as Tensor) as Scalar,
      variables,
    );
    const { loss: wanted, gradientNorms } = golden.training;
    expect(Math.abs(value.dataSync()[0]! - wanted)).toBeLessThan(1e-4);
    const leaves: Record<string, string> = { kernel: 'weight', gamma: 'weight', bias: 'bias', beta: 'bias' };
    let compared = 0;
    for (const weight of model.trainableWeights) {
      const at = weight.originalName.lastIndexOf('/');
      const name = `${weight.originalName.slice(0, at)}.${leaves[weight.originalName.slice(at + 1)]}`;
      const gradient = grads[(weight.read() as Variable).name]!.dataSync();
      let square = 0;
      for (const number of gradient) square += number * number;
      const norm = gradientNorms[name]!;
      // The golden's own tolerance: PyTorch's float32 gradients are as far from its float64 ones.
      expect(Math.abs(Math.sqrt(square) - norm), name).toBeLessThanOrEqual(2e-3 * (1 + norm));
      compared++;
    }
    expect(compared).toBe(Object.keys(gradientNorms).length);
    dispose([image, target, value, ...Object.values(grads)]);
    model.dispose();
  });
});

describe('parameter counts equal SMP', () => {
  beforeAll(async () => {
    await setBackend('cpu');
  });

  it('UnetPlusPlus resnet34 with 3 channels and 2 classes has 26,078,754 trainable parameters', () => {
    const model = unetPlusPlus({ inputShape: [512, 512, 3], classes: 2, encoder: resnet34() });
    expect(countParameters(model)).toEqual({ trainable: 26078754, total: 26078754 + 20800 });
    model.dispose();
  });

  for (const {
    arch,
    encoder,
    in_channels: channels,
    classes,
    trainable,
    with_bn_stats: total,
  } of golden.parameterCounts) {
    // One case of each kind; issue 2's own count stands above.
    if (encoder !== 'resnet18' || channels !== 1 || classes !== 2) continue;
    it(`${arch} ${encoder}, ${channels} channels, ${classes} classes: ${trainable}`, () => {
      const model = BUILDERS[arch]({ inputShape: [null, null, channels], classes, encoder: resnet18() });
      expect(countParameters(model)).toEqual({ trainable, total });
      model.dispose();
    });
  }
});

describe('bad options of SMP networks', () => {
  const good: SmpNetworkOptions = { inputShape: [64, 64, 3], classes: 1, encoder: resnet18() };
  it('name the argument and what is allowed', () => {
    expect(() => unet({ ...good, inputShape: [100, 64, 3] })).toThrow(
      'inputShape must have a height and width that are multiples of 32, got 100 x 64; the nearest are height 96 or 128, width 64.',
    );
    expect(() => unet({ ...good, encoderDepth: 6 })).toThrow(
      'encoderDepth must be an integer at least 3 and at most 5, got 6.',
    );
    expect(() => unetPlusPlus({ ...good, decoderChannels: [8, 4] })).toThrow(
      'decoderChannels must have one number a stage of the encoder, 5, got [8, 4].',
    );
    expect(() => unet({ ...good, encoder: 'resnet34' as never })).toThrow(
      'encoder must be an encoder such as resnet34(), got "resnet34".',
    );
    expect(() => unet({ ...good, weights: 'imagenet' } as never)).toThrow('unet has no option "weights"');
  });
});
