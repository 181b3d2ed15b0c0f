import '@tensorflow/tfjs-backend-cpu';
import {
  dispose,
  memory,
  type Scalar,
  type Tensor,
  type Tensor4D,
  tidy,
  transpose,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { model as createModel, input, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { useEngine } from 'segkit/engine';
import { focalLoss, jaccardLoss, sumLosses } from 'segkit/losses';
import {
  countParameters,
  efficientnetB0,
  efficientnetB1,
  efficientnetB2,
  efficientnetB3,
  loadStateDict,
  mobilenetV2,
  resnet18,
  resnet34,
  resnet50,
  type SmpNetworkOptions,
  unet,
  unetPlusPlus,
} from 'segkit/models';
import { adamW } from 'segkit/training';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { guardOf } from '../../src/models/guardOf.js';
import { stateShapes } from '../../src/models/idleState.js';
import { statefulLayers } from '../../src/models/stateTensors.js';
import { filledImage, filledTarget, safetensors } from './golden.js';
import { goldenFolder, npy, type SmpCase, type StageStatistics, smp } from './smpGolden.js';

/** The rest runs with `npm run proof:goldens`: each network takes seconds to fill. */
const EVERY_TIME = /scse|in1_c2|Unet_efficientnet-b0_64x64|efficientnet-b3_64x64|mobilenet|Unet_resnet50/;

const BUILDERS = { Unet: unet, UnetPlusPlus: unetPlusPlus };
const ENCODERS = {
  resnet18,
  resnet34,
  resnet50,
  'efficientnet-b0': efficientnetB0,
  'efficientnet-b1': efficientnetB1,
  'efficientnet-b2': efficientnetB2,
  'efficientnet-b3': efficientnetB3,
  mobilenet_v2: mobilenetV2,
};

interface Network {
  readonly model: LayersModel;
  /** What its encoder gave its decoder. */
  readonly features: readonly SymbolicTensor[];
}

/** The network of a case, with the weights of the formula. */
function network({ arch, encoder: name, ...params }: SmpCase['params']): Network {
  const encoder = ENCODERS[name]();
  let features: readonly SymbolicTensor[] | undefined;
  const options: SmpNetworkOptions = {
    inputShape: [null, null, params.in_channels],
    classes: params.classes,
    encoder: {
      ...encoder,
      build: (...start) => {
        const built = encoder.build(...start);
        // Where an encoder has layers that it does not use, it is built once more to list them.
        features ??= built;
        return built;
      },
    },
    ...(params.encoder_depth && { encoderDepth: params.encoder_depth }),
    ...(params.decoder_channels && { decoderChannels: params.decoder_channels }),
    ...(params.decoder_attention_type && { decoderAttentionType: params.decoder_attention_type }),
    ...(params.decoder_use_batchnorm === false && { decoderUseBatchNorm: false }),
  };
  const model = BUILDERS[arch](options);
  loadStateDict(model, safetensors([...shapesOf(model)]));
  return { model, features: features! };
}

/** Compares what lies NHWC with what lies NCHW; the error is relative to the largest value. */
async function compare(name: string, got: Tensor4D, wanted: ReturnType<typeof npy>, tolerance: number): Promise<void> {
  const nchw = transpose(got, [0, 3, 1, 2]);
  expect(nchw.shape, name).toEqual(wanted.shape);
  const values = await nchw.data();
  nchw.dispose();
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    worst = Math.max(worst, Math.abs(values[i]! - wanted.data[i]!));
    largest = Math.max(largest, Math.abs(wanted.data[i]!));
  }
  if (process.env.SEGKIT_GOLDENS) console.log(`${name}: ${(worst / largest).toExponential(1)} of the largest value`);
  expect(worst / largest, name).toBeLessThanOrEqual(tolerance);
}

/** Compares mean, extremes, norm and sixteen values of a stage. */
async function compareStatistics(name: string, got: Tensor4D, wanted: StageStatistics, tolerance: number) {
  const nchw = transpose(got, [0, 3, 1, 2]);
  const values = await nchw.data();
  nchw.dispose();
  const largest = Math.max(Math.abs(wanted.min), Math.abs(wanted.max));
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  expect(Math.abs(sum / values.length - wanted.mean), `${name} mean`).toBeLessThanOrEqual(tolerance * largest);
  expect(Math.abs(Math.sqrt(squares) - wanted.l2), `${name} l2`).toBeLessThanOrEqual(tolerance * wanted.l2);
  wanted.first8.forEach((value, i) => {
    expect(Math.abs(values[i]! - value), `${name} first`).toBeLessThanOrEqual(tolerance * largest);
  });
  wanted.last8.forEach((value, i) => {
    expect(Math.abs(values[values.length - 8 + i]! - value), `${name} last`).toBeLessThanOrEqual(tolerance * largest);
  });
}

/** Names, shapes and idle tensors of a network as PyTorch lists them. */
function shapesOf(model: LayersModel): Map<string, readonly number[]> {
  return new Map([...stateShapes(model), ...(guardOf(model)?.idle?.shapes() ?? [])]);
}

/** Features of the encoder, and of each block of a U-Net's decoder, in one run of the network. */
function stagesOf({ params }: SmpCase, { model, features }: Network, image: Tensor4D): Map<string, Tensor4D> {
  const depth = params.encoder_depth ?? 5;
  const blocks = Array.from({ length: depth }, (_, i) => {
    const block = `decoder.blocks.${i}`;
    const last = params.decoder_use_batchnorm === false ? 'conv2.0' : 'conv2.1';
    return model.getLayer(params.decoder_attention_type ? `${block}.attention2.attention.add` : `${block}.${last}`);
  });
  const names = [...features.map((_, i) => `encoder.stage${i + 1}`), ...blocks.map((_, i) => `decoder.block${i}`)];
  const outputs = [...features, ...blocks.map(({ output }) => output as SymbolicTensor)];
  const values = createModel({ inputs: model.inputs, outputs }).predict(image) as Tensor4D[];
  return new Map(names.map((name, i) => [name, values[i]!]));
}

describe('SMP networks with the weights of the formula, on onnx', () => {
  let before = 0;
  beforeAll(async () => {
    await useEngine('onnx');
  });
  beforeEach(() => {
    before = memory().numTensors;
  });
  afterEach(() => {
    expect(memory().numTensors, 'leaked tensors').toBe(before);
  });

  const forward = smp.cases.filter(({ name }) => name.startsWith('forward') && (goldenFolder || EVERY_TIME.test(name)));
  for (const entry of forward) {
    const { name, params, outputs, tolerance } = entry;
    it(`${name}: logits, and the stages of encoder and decoder`, async () => {
      const [height, width] = name.endsWith('96x64') ? [96, 64] : [64, 64];
      const made = network(params);
      const { model } = made;
      const image = filledImage(1, height!, width!, params.in_channels);
      const logits = model.predict(image) as Tensor4D;
      await compare(name, logits, npy(outputs.logits), tolerance);
      logits.dispose();
      if (params.arch === 'Unet') {
        const stages = stagesOf(entry, made, image);
        for (const [stage, value] of stages) {
          const statistics = outputs.stage_stats[stage]!;
          await compareStatistics(`${name} ${stage}`, value, statistics, tolerance);
          const file = outputs[stage.replace('.', '_')];
          if (goldenFolder && typeof file === 'string') await compare(`${name} ${stage}`, value, npy(file), tolerance);
          value.dispose();
        }
        expect([...stages.keys(), 'encoder.stage0'].sort()).toEqual(Object.keys(outputs.stage_stats).sort());
      }
      image.dispose();
      model.dispose();
    });
  }

  it('the padding of EfficientNet is that of SMP, convolution by convolution', () => {
    for (const [name, { convs }] of Object.entries(smp.layout)) {
      const encoder = ENCODERS[name as keyof typeof ENCODERS]();
      const start = input({ shape: [null, null, 3] });
      const model = createModel({ inputs: start, outputs: [...encoder.build(start, 5)] });
      for (const { key, k, stride, pad_lrtb: wanted } of convs.filter((conv) => conv.key !== '_conv_head')) {
        const { kernelSize, strides, padding } = model.getLayer(`encoder.${key}`).getConfig();
        const [before, after] = Array.isArray(padding) ? padding : [padding, padding];
        expect([kernelSize, strides, before, after, before, after], `${name} ${key}`).toEqual([k, stride, ...wanted]);
      }
      model.dispose();
    }
  });

  const counts = smp.parameterCounts.filter(
    ({ encoder, in_channels: channels, classes }) =>
      goldenFolder || (channels === 3 && classes === 1 && /resnet18|b0|b2|mobilenet/.test(encoder)),
  );
  for (const { arch, encoder, trainable, with_bn_stats: total, ...variant } of counts) {
    const { in_channels: channels, classes, decoder_attention_type: attention } = variant;
    const title = `${arch} ${encoder}${attention ? ' scse' : ''}, ${variant.decoder_channels}, ${channels} channels, ${classes} classes`;
    it(`${title}: ${trainable} parameters, names and shapes`, () => {
      const model = BUILDERS[arch]({
        inputShape: [null, null, channels],
        classes,
        encoder: ENCODERS[encoder](),
        encoderDepth: variant.encoder_depth ?? 5,
        decoderChannels: variant.decoder_channels,
        decoderUseBatchNorm: variant.decoder_use_batchnorm ?? true,
        ...(attention && { decoderAttentionType: attention }),
      });
      const used = stateShapes(model);
      const shapes = shapesOf(model);
      let [idle, idleStatistics] = [0, 0];
      for (const [name, shape] of shapes) {
        if (used.has(name) || name.endsWith('num_batches_tracked')) continue;
        const size = shape.reduce((product, side) => product * side, 1);
        if (name.includes('running')) idleStatistics += size;
        else idle += size;
      }
      if (encoder === 'efficientnet-b0' && !attention) expect(idle).toBe(412160);
      const own = countParameters(model);
      expect(own.trainable + idle).toBe(trainable);
      expect(own.total + idle + idleStatistics).toBe(total);
      const wanted = smp.stateDicts[`${arch}|${encoder}`]!;
      const { decoder_use_batchnorm: norm = true, decoder_channels: widths } = variant;
      if (channels === 3 && classes === 1 && !attention && norm && String(widths) === '256,128,64,32,16') {
        expect(shapes.size).toBe(wanted.length);
        for (const [name, shape] of wanted) expect(shapes.get(name), name).toEqual(shape);
      }
      model.dispose();
    });
  }
});

describe('training as PyTorch does it, on onnx', () => {
  beforeAll(async () => {
    await useEngine('onnx', { training: true });
  });

  const cases = smp.cases.filter(({ name }) => name.startsWith('train') && (goldenFolder || name.includes('b0')));
  for (const { name, params, tolerance } of cases) {
    it(`${name}: losses, norms of gradients and of weights over three steps of AdamW`, async () => {
      const golden = smp.training[name]!;
      const before = memory().numTensors;
      const { model } = network(params);
      const image = filledImage(2, 64, 64, 3);
      const target = filledTarget(2, 64, 64);
      const loss = sumLosses([
        [1, focalLoss({ mode: 'multiclass', alpha: 0.25, gamma: 2, smp: '0.3.3' })],
        [1, jaccardLoss({ mode: 'multiclass' })],
      ]);
      const entries = statefulLayers(model).flatMap((layer) =>
        layer.stateTensors().map(({ leaf, variable }) => ({ name: `${layer.name}.${leaf}`, variable })),
      );
      const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
      const near = (what: string, got: number, wanted: number, allowed = tolerance) =>
        expect(Math.abs(got - wanted), `${what}: ${got}, not ${wanted}`).toBeLessThanOrEqual(
          allowed * (1 + Math.abs(wanted)),
        );
      const norm = async (value: Tensor) => {
        let squares = 0;
        for (const number of await value.data()) squares += number * number;
        return Math.sqrt(squares);
      };
      const compareNorms = async (what: string, wanted: Record<string, number>, allowed = tolerance) => {
        for (const { name: key, variable } of entries) {
          if (wanted[key] !== undefined) near(`${what} ${key}`, await norm(variable.read()), wanted[key], allowed);
        }
      };
      const norms = (values: Record<string, { l2: number }>) =>
        Object.fromEntries(Object.entries(values).map(([key, { l2 }]) => [key, l2]));
      const optimizer = adamW(3e-4, { weightDecay: 5e-4 });
      const forward = () => loss(target, model.apply(image, { training: true }) as Tensor) as Scalar;
      for (let step = 0; step < 3; step++) {
        const { value, grads } = variableGrads(forward, variables);
        near(`loss ${step}`, (await value.data())[0]!, golden.losses_f64[step]!);
        if (step === 0) {
          let compared = 0;
          for (const { name: key, variable } of entries) {
            const gradient = grads[(variable.read() as Variable).name];
            const wanted = golden.grad_step1_f64[key];
            if (gradient === undefined || wanted === undefined) continue;
            near(`gradient ${key}`, await norm(gradient), wanted.l2);
            compared++;
          }
          expect(compared).toBe(variables.length);
        }
        optimizer.applyGradients(grads);
        dispose([value, ...Object.values(grads)]);
        await compareNorms(`step ${step}`, norms(golden.weights_after_step_f64[step]!));
      }
      const last = tidy(forward);
      near('loss 3', (await last.data())[0]!, golden.losses_f64[3]!);
      // The golden's last norms are those behind the forward pass of the last loss, which moves the statistics on.
      // There PyTorch's own float32 is up to 3.5e-3 from its float64 (Adam makes full steps of gradients near 0, and
      // each forward pass carries the difference on): four times what it misses at most is allowed, or the tolerance.
      const drift = Object.entries(golden.final_l2_all_f64).map(
        ([key, wanted]) => Math.abs(golden.final_l2_all_f32[key]! - wanted) / (1 + Math.abs(wanted)),
      );
      await compareNorms('at the end', golden.final_l2_all_f64, Math.max(tolerance, 4 * Math.max(...drift)));
      optimizer.dispose();
      dispose([last, image, target]);
      model.dispose();
      expect(memory().numTensors, 'leaked tensors').toBe(before);
    });
  }
});
