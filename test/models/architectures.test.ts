import {
  dispose,
  memory,
  mul,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  tensor4d,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { createImage, createLabels, createProbabilityMap } from 'segkit/core';
import { useEngine } from 'segkit/engine';
import {
  atomaiUnet,
  boundaryTarget,
  countParameters,
  decodeInstances,
  describeModel,
  distanceTarget,
  efficientnetB0,
  fitGaborGaussian,
  instanceUnet,
  kernelImages,
  loadModel,
  mainOutput,
  mobilenetV2,
  plainUnet,
  type StasUnetOptions,
  saveModel,
  separableUnet,
  shallowNet,
  stasUnet,
  unet,
} from 'segkit/models';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RandomDrop } from '../../src/models/layers/randomDrop.js';
import { useCpuBackend } from '../helpers/tensorflow.js';

const image = (side: number, channels = 1) =>
  tensor4d(
    Array.from({ length: side * side * channels }, (_, i) => Math.sin(i * 0.37) + (i % 3) / 3),
    [1, side, side, channels],
  );

// On onnx: a gradient takes a minute on cpu.
describe('stasUnet', () => {
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
  const build = (more: Partial<StasUnetOptions> = {}) =>
    stasUnet({
      inputShape: [null, null, 3],
      encoder: mobilenetV2(),
      decoderChannels: [16, 16, 8, 8, 4],
      seed: 1,
      ...more,
    });

  it('gives logits at 1, 1/2 and 1/4, the finest first', () => {
    const model = build();
    const x = image(64, 3);
    const outputs = model.predict(x) as Tensor[];
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [1, 64, 64, 2],
      [1, 32, 32, 2],
      [1, 16, 16, 2],
    ]);
    for (const output of outputs) expect(output.dataSync().every(Number.isFinite)).toBe(true);
    dispose([x, ...outputs]);
    model.dispose();
  });

  it.each(['layer', 'instance', 'group', 'batch'] as const)('norm %s has finite gradients for every weight', (norm) => {
    const model = build({
      norm,
      ...(norm === 'group' && { groups: 4 }),
      outputs: 1,
      activation: 'leakyRelu',
      upsampling: 'transposed',
    });
    const x = image(64, 3);
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    const { value, grads } = variableGrads(
      () => sum(model.apply(x, { training: true }) as Tensor) as Scalar,
      variables,
    );
    expect(Object.keys(grads).length).toBe(variables.length);
    for (const gradient of Object.values(grads)) expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
    dispose([x, value, ...Object.values(grads)]);
    model.dispose();
  });

  it('its finest block of 4 filters on 8 + 3 channels: 396 + 144 + 16 of the norms + 48 of the residual = 604', () => {
    const model = build({ outputs: 1 });
    const own = model.layers
      .filter(({ name }) => name.startsWith('decoder.0.'))
      .flatMap(({ trainableWeights }) => trainableWeights)
      .reduce((total, { shape }) => total + shape.reduce<number>((size, side) => size * (side ?? 1), 1), 0);
    expect(own).toBe(604);
    model.dispose();
  });

  it('goes through a file', async () => {
    const model = build({ outputs: 2 });
    const copy = loadModel(await saveModel(model));
    expect(copy.outputs.length).toBe(2);
    model.dispose();
    copy.dispose();
  });

  it('bad options are named', () => {
    expect(() => build({ decoderChannels: [1, 2] })).toThrow('decoderChannels must have five numbers, got [1, 2].');
    expect(() => build({ norm: 'spectral' as never })).toThrow('norm must be one of');
    expect(() => build({ norm: 'group', groups: 3 })).toThrow(
      'groups must divide each of decoderChannels, [16, 16, 8, 8, 4], got 3.',
    );
    expect(() => build({ inputShape: [33, 64, 3] })).toThrow(
      'multiples of 32, got 33 x 64; the nearest are height 32 or 64',
    );
  });
});

describe('options of SMP networks', () => {
  useCpuBackend();
  const options = {
    inputShape: [32, 32, 3],
    classes: 2,
    encoder: mobilenetV2(),
    encoderDepth: 3,
    decoderChannels: [16, 8, 4],
  } as const;

  it('auxParams: a second output of logits of the whole image, named as SMP names it', () => {
    const model = unet({ ...options, auxParams: { classes: 5, pooling: 'max', dropout: 0.5 } });
    const x = image(32, 3);
    const [logits, labels] = model.predict(x) as Tensor[];
    expect([logits!.shape, labels!.shape]).toEqual([
      [1, 32, 32, 2],
      [1, 5],
    ]);
    expect(
      model
        .getLayer('classification_head.3')
        .getWeights()
        .map(({ shape }) => shape),
    ).toEqual([[32, 5], [5]]);
    const masks = mainOutput(model);
    const alone = masks.predict(x) as Tensor;
    expect(alone.dataSync()).toEqual(logits!.dataSync());
    dispose([x, logits!, labels!, alone]);
    model.dispose();
    expect(() => unet({ ...options, auxParams: { classes: 0 } })).toThrow('auxParams.classes must be an integer');
    expect(() => unet({ ...options, decoderAttentionType: 'se' as never })).toThrow(
      'decoderAttentionType must be one of',
    );
  });

  it('dropConnect leaves blocks out in training only, the same for the same seed', () => {
    const drop = new RandomDrop({ rate: 0.5, per: 'sample', seed: 3 });
    const again = new RandomDrop({ rate: 0.5, per: 'sample', seed: 3 });
    const x = tensor(new Float32Array(64).fill(1), [64, 1, 1, 1]);
    const [a, b, c, idle] = [
      drop.call(x, { training: true }),
      again.call(x, { training: true }),
      drop.call(x, { training: true }),
      drop.call(x, {}),
    ];
    expect(b!.dataSync()).toEqual(a!.dataSync());
    expect(c!.dataSync()).not.toEqual(a!.dataSync());
    const values = Array.from(a!.dataSync());
    expect(new Set(values)).toEqual(new Set([0, 2]));
    const kept = values.filter((value) => value === 2).length;
    expect(kept).toBeGreaterThan(16);
    expect(kept).toBeLessThan(48);
    expect(Array.from(idle!.dataSync())).toEqual(new Array(64).fill(1));
    dispose([x, a!, b!, c!, idle!]);
    expect(() => efficientnetB0({ dropConnect: 1 })).toThrow('dropConnect must be a finite number');
  });
});

describe('shallow networks and their filters', () => {
  useCpuBackend();

  it('one filter 9 x 9 has 82 parameters; 32 of them and a 1 x 1 convolution 2,657', () => {
    const one = shallowNet({ inputShape: [null, null, 1], filters: 1 });
    const many = shallowNet({ inputShape: [null, null, 1] });
    expect(countParameters(one).trainable).toBe(82);
    expect(countParameters(many).trainable).toBe(32 * 82 + 33);
    one.dispose();
    many.dispose();
  });

  it('kernelImages: filter 1 of a kernel counted up is its odd numbers, the mean lies between', () => {
    const model = shallowNet({ inputShape: [null, null, 1], filters: 2, classes: 1, kernelSize: 3 });
    const kernel = tensor(
      Float32Array.from({ length: 18 }, (_, i) => i),
      [3, 3, 1, 2],
    );
    const layer = model.getLayer('filters');
    layer.setWeights([kernel, layer.getWeights()[1]!]);
    const { images, mean } = kernelImages(model);
    expect(Array.from(images[1]!.data)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17]);
    expect(Array.from(mean.data)).toEqual([0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5, 16.5]);
    expect(mean.shape).toEqual([3, 3]);
    expect(() => kernelImages(model, { layer: 'nope' })).toThrow('layer must name a convolution of the model');
    kernel.dispose();
    model.dispose();
  });

  it('fitGaborGaussian finds what a kernel was made of', () => {
    const truth = { sigma: 2, aspect: 1.2, wavelength: 5, orientation: 0.6, phase: 0.7 };
    const kernel = Float32Array.from({ length: 81 }, (_, i) => {
      const [x, y] = [(i % 9) - 4, Math.floor(i / 9) - 4];
      const along = x * Math.cos(0.6) + y * Math.sin(0.6);
      const across = (y * Math.cos(0.6) - x * Math.sin(0.6)) / 1.2;
      const wave = Math.exp(-(along ** 2 + across ** 2) / 8) * Math.cos((2 * Math.PI * along) / 5 + 0.7);
      return 0.8 * wave + 0.3 * Math.exp(-(x * x + y * y) / 4.5) - 0.05;
    });
    const fit = fitGaborGaussian(createImage(kernel, [9, 9]));
    expect(fit.rSquared).toBeGreaterThan(0.99999);
    for (const [key, value] of Object.entries(truth)) {
      expect(fit.gabor[key as keyof typeof truth], key).toBeCloseTo(value, 3);
    }
    expect(fit.gabor.amplitude).toBeCloseTo(0.8, 3);
    expect(fit.gaussian.amplitude).toBeCloseTo(0.3, 3);
    expect(fit.gaussian.sigma).toBeCloseTo(1.5, 3);
    expect(fit.offset).toBeCloseTo(-0.05, 3);
    expect(() => fitGaborGaussian(createImage(new Float32Array(4), [2, 2]))).toThrow('at least 3 x 3 pixels');
  });
});

describe('describeModel', () => {
  useCpuBackend();

  it('counts by hand: two 3 x 3 convolutions of 2 filters on 8 x 8 see 5 pixels and cost 64 (18 + 36)', () => {
    const model = plainUnet({ inputShape: [8, 8, 1], classes: 1, baseFilters: 2, levels: 1, batchNorm: 'none' });
    const { stages, parameters, multiplyAdds, receptiveField, table } = describeModel(model);
    expect(stages[0]).toEqual({
      name: 'encoder.0',
      // Behind the pooling, whose pixels see one more.
      shape: [4, 4, 2],
      parameters: 58,
      multiplyAdds: 64 * (18 + 36),
      receptiveField: 6,
    });
    expect(parameters).toBe(countParameters(model).trainable);
    // Bottom 16 (72 + 144); 2 x 2 transposed 4 > 2 on 4 x 4; decoder 64 (72 + 36); head 64 * 2.
    expect(multiplyAdds).toBe(64 * 54 + 16 * 216 + 16 * 32 + 64 * 108 + 128);
    // 5, pooled 6, bottom + 2 * 2 * 2 = 14, decoder + 4 = 18.
    expect(receptiveField).toBe(18);
    expect(table.split('\n').at(-1)).toMatch(/^total\s+431\s+14,464\s+18$/);
    model.dispose();
  });

  it('the plain network costs several times the separable one of the same width', () => {
    const options = { inputShape: [null, null, 1], classes: 2, baseFilters: 8, levels: 4 } as const;
    const [plain, separable] = [plainUnet(options), separableUnet(options)];
    const [a, b] = [describeModel(plain), describeModel(separable)];
    expect(a.parameters / b.parameters).toBeGreaterThan(4);
    expect(a.multiplyAdds / b.multiplyAdds).toBeGreaterThan(2);
    expect(() => describeModel(plain, { height: 100 })).toThrow('multiples of 16, got 100 x 512');
    plain.dispose();
    separable.dispose();
  });

  it('a network with squeeze and excitation sees all', () => {
    const options = { inputShape: [32, 32, 1], classes: 1, encoderDepth: 3, decoderChannels: [4, 4, 4] } as const;
    const model = unet({ ...options, encoder: efficientnetB0() });
    expect(describeModel(model).receptiveField).toBe(Number.POSITIVE_INFINITY);
    model.dispose();
  });

  it('atomaiUnet has 594,033 parameters, in all of its stages together', () => {
    const model = atomaiUnet({ inputShape: [null, null, 1] });
    expect(describeModel(model, { height: 64, width: 64 }).parameters).toBe(594033);
    model.dispose();
  });
});

describe('instances', () => {
  useCpuBackend();
  /** Ids in the order in which they first occur: which object is called 1 is nobody's business. */
  const canonical = (ids: ArrayLike<number>): number[] => {
    const names = new Map([[0, 0]]);
    return Array.from(ids, (id) => {
      if (!names.has(id)) names.set(id, names.size);
      return names.get(id)!;
    });
  };

  it('what a perfect network would say decodes to the objects again, touching ones too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 9 }),
        fc.integer({ min: 5, max: 9 }),
        fc.integer({ min: 0, max: 3 }),
        (a, b, gap) => {
          const width = a + b + gap + 2;
          const height = 9;
          const ids = new Int32Array(height * width);
          for (let y = 1; y < 8; y++) {
            for (let x = 1; x <= a; x++) ids[y * width + x] = 1;
            for (let x = a + gap + 1; x <= a + gap + b; x++) ids[y * width + x] = 2;
          }
          const labels = createLabels(ids, [height, width]);
          const classes = boundaryTarget(labels).data;
          const onehot = Float32Array.from({ length: classes.length * 3 }, (_, i) =>
            classes[Math.floor(i / 3)] === i % 3 ? 1 : 0,
          );
          const boundary = decodeInstances(createProbabilityMap(onehot, [height, width, 3]));
          expect(canonical(boundary.data)).toEqual(canonical(ids));
          const distance = decodeInstances(distanceTarget(labels), { representation: 'distance' });
          // Depths are relative: at corners, where both objects are shallow, the smaller one may take a pixel.
          const wanted = canonical(ids);
          const taken = canonical(distance.data).filter((id, i) => id !== wanted[i]).length;
          expect(taken).toBeLessThanOrEqual(4);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('small middles are noise, and foreground without one is nothing', () => {
    const map = new Float32Array(2 * 12);
    for (const pixel of [1, 2, 3, 8]) map[2 * pixel] = 1;
    for (const pixel of [1, 2, 8]) map[2 * pixel + 1] = 0.9;
    const probability = createProbabilityMap(map, [1, 12, 2]);
    const decode = (minMarkerSize: number) =>
      Array.from(decodeInstances(probability, { representation: 'distance', minMarkerSize }).data);
    expect(decode(1)).toEqual([0, 1, 1, 1, 0, 0, 0, 0, 2, 0, 0, 0]);
    expect(decode(2)).toEqual([0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(decode(3)).toEqual(new Array(12).fill(0));
  });

  it('bad arguments are named', () => {
    const map = createProbabilityMap(new Float32Array(8), [2, 2, 2]);
    expect(() => decodeInstances(map)).toThrow(
      "probability must have shape [height, width, 3] for 'boundary', got [2, 2, 2].",
    );
    expect(() => decodeInstances(map, { representation: 'distance', threshold: 2 })).toThrow('threshold');
    expect(() => boundaryTarget(createLabels([0], [1, 1]), { width: 0 })).toThrow(
      'width must be an integer at least 1',
    );
    expect(() => instanceUnet({ inputShape: [16, 16, 1], classes: 3 } as never)).toThrow(
      'instanceUnet has no option "classes"; representation says how many there are.',
    );
  });

  it('instanceUnet has three or two logits and learns the depth', () => {
    const model = instanceUnet({ inputShape: [16, 16, 1], representation: 'distance', baseFilters: 2, levels: 2 });
    const before = memory().numTensors;
    const x = image(16);
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    const { value, grads } = variableGrads(() => {
      const y = model.apply(x, { training: true }) as Tensor;
      return sum(mul(y, y)) as Scalar;
    }, variables);
    expect(model.outputShape).toEqual([null, 16, 16, 2]);
    dispose([x, value, ...Object.values(grads)]);
    expect(memory().numTensors).toBe(before);
    model.dispose();
  });
});
