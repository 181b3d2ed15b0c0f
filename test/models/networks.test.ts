import {
  dispose,
  memory,
  type Scalar,
  type Tensor,
  tensor,
  tensor3d,
  tensor4d,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { diceLoss } from 'segkit/losses';
import {
  countParameters,
  horwathUnet,
  inputDivisor,
  type PlainUnetOptions,
  plainUnet,
  resnet18,
  type SeparableUnetOptions,
  saveSafetensors,
  separableUnet,
  unet,
} from 'segkit/models';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';

const ATOMAI: PlainUnetOptions = {
  inputShape: [null, null, 1],
  classes: 1,
  baseFilters: 16,
  levels: 3,
  convolutionsPerLevel: [1, 2, 2, 3],
  batchNorm: 'after',
  activation: 'leakyRelu',
  upsampling: 'bilinear',
};

function parameters(model: LayersModel): number {
  const { trainable } = countParameters(model);
  model.dispose();
  return trainable;
}

describe('parameter counts of the papers', () => {
  useCpuBackend();

  it('plainUnet reaches 594,033 of AtomAI', () => {
    expect(parameters(plainUnet(ATOMAI))).toBe(594033);
  });

  it('plainUnet, one level of 2 filters: 20 + 38 + 76 + 148 + 34 + 74 + 38 + 3 = 431', () => {
    expect(
      parameters(plainUnet({ inputShape: [4, 4, 1], classes: 1, baseFilters: 2, levels: 1, batchNorm: 'none' })),
    ).toBe(431);
  });

  it.each([
    ['small', 16002],
    ['normalized', 86590],
    ['twoConvolutions', 221146],
    ['twoConvolutionsNormalized', 222046],
  ] as const)('horwathUnet %s has %i', (variant, count) => {
    expect(parameters(horwathUnet({ inputShape: [null, null, 1], variant }))).toBe(count);
  });

  it('separableUnet has 5,990,850 convolution weights, and 5,982,210 without the depthwise half of its decoder', () => {
    const options: SeparableUnetOptions = { inputShape: [null, null, 1], classes: 2, batchNorm: 'none' };
    expect(parameters(separableUnet(options))).toBe(5990850);
    expect(parameters(separableUnet({ ...options, decoderConvolution: 'pointwise' }))).toBe(5982210);
  });
});

const NETWORKS: [string, (seed: number) => LayersModel][] = [
  ['plainUnet', (seed) => plainUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 2, seed })],
  [
    'plainUnet, mish after nearest',
    (seed) =>
      plainUnet({
        inputShape: [null, null, 1],
        classes: 2,
        baseFilters: 2,
        levels: 2,
        convolutionsPerLevel: 1,
        kernelSize: 5,
        activation: 'mish',
        upsampling: 'nearest',
        seed,
      }),
  ],
  [
    'separableUnet',
    (seed) => separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 2, seed }),
  ],
  ['horwathUnet', (seed) => horwathUnet({ inputShape: [null, null, 1], variant: 'small', seed })],
];

describe.each(NETWORKS)('%s', (_, build) => {
  useCpuBackend();
  const image = () =>
    tensor4d(
      Array.from({ length: 2 * 16 * 8 }, (_, i) => Math.sin(i * 0.7) + (i % 3)),
      [2, 16, 8, 1],
    );

  it('gives logits at the size of the image, for any size that divides', () => {
    const model = build(0);
    const x = image();
    const y = model.predict(x) as Tensor;
    expect(y.shape).toEqual([2, 16, 8, 2]);
    expect(y.dataSync().every(Number.isFinite)).toBe(true);
    expect(x.isDisposed).toBe(false);
    dispose([x, y]);
    model.dispose();
  });

  it('refuses other sizes, naming the nearest', () => {
    const model = build(0);
    const divisor = inputDivisor(model);
    const x = tensor4d(new Float32Array(13 * 16), [1, 13, 16, 1]);
    const lower = Math.floor(13 / divisor) * divisor;
    const near = lower === 0 ? `${divisor}` : `${lower} or ${lower + divisor}`;
    expect(() => tidy(() => model.predict(x) as Tensor)).toThrow(
      `the input of the model must have a height and width that are multiples of ${divisor}, got 13 x 16; ` +
        `the nearest are height ${near}, width 16.`,
    );
    x.dispose();
    model.dispose();
  });

  it('has the same weights for the same seed and others for another', async () => {
    const models = [build(7), build(7), build(8)];
    const [a, b, c] = await Promise.all(models.map(saveSafetensors));
    expect(b).toEqual(a);
    expect(c).not.toEqual(a);
    for (const model of models) model.dispose();
  });

  it('learns: the loss falls in ten steps, running statistics move, nothing leaks', () => {
    const model = build(1);
    const x = image();
    const target = tensor3d(
      Array.from({ length: 2 * 16 * 8 }, (_, i) => (Math.sin(i * 0.7) + (i % 3) > 1 ? 1 : 0)),
      [2, 16, 8],
      'int32',
    );
    const loss = diceLoss({ mode: 'multiclass' });
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    const before = memory().numTensors;
    const history: number[] = [];
    for (let step = 0; step < 10; step++) {
      const { value, grads } = variableGrads(
        () => loss(target, model.apply(x, { training: true }) as Tensor) as Scalar,
        variables,
      );
      history.push(value.dataSync()[0]!);
      for (const variable of variables) {
        const gradient = grads[variable.name]!.dataSync();
        const data = variable.dataSync().map((value, i) => value - 0.3 * gradient[i]!);
        tidy(() => variable.assign(tensorLike(variable, data)));
      }
      dispose([value, ...Object.values(grads)]);
      expect(memory().numTensors).toBe(before);
    }
    expect(history.at(-1)).toBeLessThan(history[0]! - 0.005);
    dispose([x, target]);
    model.dispose();
  });
});

function tensorLike(variable: Variable, data: Float32Array | Int32Array | Uint8Array): Tensor {
  return tensor(data, variable.shape, 'float32');
}

describe('bad options', () => {
  useCpuBackend();
  const good = { inputShape: [16, 16, 1], classes: 2 } as const;

  it('name the argument, what is expected and what came', () => {
    expect(() => plainUnet({ ...good, inputShape: [20, 16, 1] })).toThrow(
      'inputShape must have a height and width that are multiples of 16, got 20 x 16; the nearest are height 16 or 32, width 16.',
    );
    expect(() => plainUnet({ ...good, inputShape: [16, null, 1] })).toThrow(
      'inputShape must have both height and width or null for both, got [16, null, 1].',
    );
    expect(() => plainUnet({ ...good, inputShape: [16, 16] as never })).toThrow(
      'inputShape must be [height, width, channels], got [16, 16].',
    );
    expect(() => plainUnet({ ...good, classes: 0 })).toThrow('classes must be an integer at least 1, got 0.');
    expect(() => plainUnet({ ...good, kernelSize: 4 })).toThrow('kernelSize must be odd, got 4.');
    expect(() => plainUnet({ ...good, convolutionsPerLevel: [1, 2] })).toThrow(
      'convolutionsPerLevel must be a number or a list of 5, one a level and one for the bottom, got [1, 2].',
    );
    expect(() => plainUnet({ ...good, activation: 'gelu' as never })).toThrow('activation must be one of');
    expect(() => separableUnet({ ...good, upsampling: 'cubic' as never })).toThrow('upsampling must be one of');
    expect(() => separableUnet({ ...good, filters: 8 } as never)).toThrow('separableUnet has no option "filters"');
    expect(() => horwathUnet({ ...good, variant: 'big' } as never)).toThrow('variant must be one of');
  });

  it('any size that the divisor divides is accepted, any other refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (height, width) => {
        const build = () =>
          plainUnet({ inputShape: [height, width, 1], classes: 1, baseFilters: 1, levels: 2, convolutionsPerLevel: 1 });
        if (height % 4 === 0 && width % 4 === 0) build().dispose();
        else expect(build).toThrow('multiples of 4');
      }),
      { numRuns: 30 },
    );
  });
});

describe('first weights are those of SMP', () => {
  useCpuBackend();

  it('Kaiming-normal in a ResNet, Kaiming-uniform in the decoder, Xavier-uniform in the head, biases 0, norms 1 and 0', () => {
    const model = unet({
      inputShape: [null, null, 3],
      classes: 4,
      encoder: resnet18(),
      encoderDepth: 3,
      decoderChannels: [32, 16, 8],
      seed: 11,
    });
    const weights = (name: string, index = 0) => model.getLayer(name).getWeights()[index]!.dataSync();
    const deviation = (values: ArrayLike<number>) =>
      Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length);
    const extent = (values: ArrayLike<number>) =>
      Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    // sqrt(2 / fan-out), fan-out 64 * 9; 36,864 values: three standard errors are 1.1 %.
    const encoder = weights('encoder.layer1.0.conv1');
    expect(Math.abs(deviation(encoder) / Math.sqrt(2 / 576) - 1)).toBeLessThan(0.011);
    expect(extent(encoder)).toBeGreaterThan(3 * Math.sqrt(2 / 576));
    // Within sqrt(6 / fan-in), fan-in 32 * 9, and up to it.
    const decoder = weights('decoder.blocks.0.conv2.0');
    expect(extent(decoder)).toBeLessThanOrEqual(Math.sqrt(6 / 288));
    expect(extent(decoder)).toBeGreaterThan(0.99 * Math.sqrt(6 / 288));
    // Within sqrt(6 / (fan-in + fan-out)), 8 * 9 and 4 * 9.
    const head = weights('segmentation_head.0');
    expect(extent(head)).toBeLessThanOrEqual(Math.sqrt(6 / 108));
    expect(extent(head)).toBeGreaterThan(0.95 * Math.sqrt(6 / 108));
    expect(Array.from(weights('segmentation_head.0', 1))).toEqual([0, 0, 0, 0]);
    expect(new Set(weights('encoder.bn1'))).toEqual(new Set([1]));
    expect(new Set(weights('encoder.bn1', 1))).toEqual(new Set([0]));
    model.dispose();
  });
});
