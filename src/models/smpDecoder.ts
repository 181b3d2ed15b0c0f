import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import { assemble } from './assemble.js';
import { scse } from './attention.js';
import { attach, channelCount, concatenate, convolutionBlock, type InputShape } from './blocks.js';
import type { Encoder } from './encoders/encoder.js';
import { encoderStages, plainEncoder, requireEncoder } from './encoders/plainEncoder.js';
import type { IdlePart } from './idleState.js';
import type { Pruning } from './layers/divisibleInput.js';
import { GlobalPool2D } from './layers/globalPool2d.js';
import { RandomDrop } from './layers/randomDrop.js';
import { TorchConv2D } from './layers/torchConv2d.js';
import { TorchLinear } from './layers/torchLinear.js';
import { Upsample2D } from './layers/upsample2d.js';

/** Options of {@link unet}, and with more of {@link unetPlusPlus}. */
export interface SmpNetworkOptions {
  /** `[height, width, channels]`; height and width multiples of 2^encoderDepth, or null for any such size. */
  readonly inputShape: InputShape;
  /** Logits a pixel. */
  readonly classes: number;
  /** The contracting half, for example `resnet34()`. */
  readonly encoder: Encoder;
  /** Stages of the encoder, 3 to 5; each halves the size. @defaultValue 5 */
  readonly encoderDepth?: number;
  /** Channels of the decoder from the deepest level, one a stage. @defaultValue the last of [256, 128, 64, 32, 16] */
  readonly decoderChannels?: readonly number[];
  /** Batch normalisation in the decoder; without it the convolutions have biases. @defaultValue true */
  readonly decoderUseBatchNorm?: boolean;
  /** Attention around the decoder's convolutions: squeeze and excitation by channel and pixel. @defaultValue none */
  readonly decoderAttentionType?: 'scse';
  /** A second output that classifies the whole image from the deepest features. @defaultValue none */
  readonly auxParams?: AuxParams;
  /** Seed of the first weights. @defaultValue 0 */
  readonly seed?: number;
}

/** The auxiliary classification head of SMP's networks; its logits are `[batch, classes]`. */
export interface AuxParams {
  /** Logits an image. */
  readonly classes: number;
  /** How pixels become one: mean or largest value. @defaultValue 'avg' */
  readonly pooling?: 'avg' | 'max';
  /** Share of the pooled features dropped in training, 0 or more and below 1. @defaultValue 0 */
  readonly dropout?: number;
}

/** What every decoder block has in common. */
export interface DecoderConfig {
  readonly useBatchNorm: boolean;
  readonly attention: boolean;
  /** Collects what SMP's blocks hold and never run. */
  readonly idle: IdlePart[];
}

/** Upsampling by nearest neighbour, the skip connections joined behind, two 3 x 3 convolutions: SMP's decoder block. */
export function decoderBlock(
  features: SymbolicTensor,
  skips: readonly SymbolicTensor[],
  name: string,
  filters: number,
  { useBatchNorm, attention, idle }: DecoderConfig,
): SymbolicTensor {
  const up = attach(new Upsample2D({ name: `${name}.upsample`, interpolation: 'nearest' }), features);
  let result = concatenate(`${name}.concatenate`, [up, ...skips]);
  if (attention) {
    // Without a skip connection SMP has the first attention all the same, and leaves it out.
    if (skips.length > 0) result = scse(result, `${name}.attention1`);
    else idle.push({ channels: channelCount(result), build: (x) => scse(x, `${name}.attention1`) });
  }
  for (const conv of ['conv1', 'conv2']) {
    result = convolutionBlock(result, {
      conv: `${name}.${conv}.0`,
      norm: `${name}.${conv}.1`,
      filters,
      kernelSize: 3,
      batchNorm: useBatchNorm ? 'before' : 'none',
      activation: 'relu',
      initializer: 'kaimingUniform',
    });
  }
  return attention ? scse(result, `${name}.attention2`) : result;
}

/** Pooling, dropout and a linear layer: SMP's `classification_head`. */
function classificationHead(deepest: SymbolicTensor, { classes, pooling = 'avg', dropout = 0 }: AuxParams) {
  const pooled = attach(new GlobalPool2D({ name: 'classification_head.0', pooling }), deepest);
  const drop = new RandomDrop({ name: 'classification_head.2', rate: dropout, per: 'channel' });
  const kept = dropout > 0 ? attach(drop, pooled) : pooled;
  return attach(new TorchLinear({ name: 'classification_head.3', units: classes }), kept);
}

const KNOWN = [
  'inputShape',
  'classes',
  'encoder',
  'encoderDepth',
  'decoderChannels',
  'decoderUseBatchNorm',
  'decoderAttentionType',
  'auxParams',
  'seed',
];

function requireSmpOptions(name: string, options: SmpNetworkOptions, more: readonly string[]): readonly number[] {
  requireKnownOptions(name, options, [...KNOWN, ...more]);
  const { classes, encoder, encoderDepth = 5, decoderUseBatchNorm = true, auxParams, seed = 0 } = options;
  requireInteger('classes', classes, { min: 1 });
  requireInteger('encoderDepth', encoderDepth, { min: 3, max: 5 });
  requireInteger('seed', seed, { min: 0 });
  requireEncoder(encoder);
  if (typeof decoderUseBatchNorm !== 'boolean') {
    throw new TypeError(`decoderUseBatchNorm must be true or false, got ${show(decoderUseBatchNorm)}.`);
  }
  if (options.decoderAttentionType !== undefined) {
    requireOneOf('decoderAttentionType', options.decoderAttentionType, ['scse']);
  }
  if (auxParams !== undefined) {
    requireKnownOptions('auxParams', auxParams, ['classes', 'pooling', 'dropout']);
    requireInteger('auxParams.classes', auxParams.classes, { min: 1 });
    requireOneOf('auxParams.pooling', auxParams.pooling ?? 'avg', ['avg', 'max']);
    requireNumber('auxParams.dropout', auxParams.dropout ?? 0, { min: 0, below: 1 });
  }
  const { decoderChannels = [256, 128, 64, 32, 16].slice(5 - encoderDepth) } = options;
  if (!Array.isArray(decoderChannels) || decoderChannels.length !== encoderDepth) {
    throw new RangeError(
      `decoderChannels must have one number a stage of the encoder, ${encoderDepth}, got ${show(decoderChannels)}.`,
    );
  }
  decoderChannels.forEach((channels, i) => {
    requireInteger(`decoderChannels[${i}]`, channels, { min: 1 });
  });
  return decoderChannels;
}

/** A decoder: from the encoder's features, the deepest first, to the features of the outputs, at the image's size. */
export type Decode = (
  features: readonly SymbolicTensor[],
  channels: readonly number[],
  config: DecoderConfig,
) => SmpDecoded;

/** What a decoder returns. */
export interface SmpDecoded {
  /** Features at the size of the image, which the head turns into logits; none where the network is cut shorter. */
  readonly features?: SymbolicTensor;
  /** Logits beside those of the head. */
  readonly more?: readonly SymbolicTensor[];
}

/** What an architecture adds to {@link smpNetwork}. */
export interface SmpVariant {
  /** Names of its own options. */
  readonly options?: readonly string[];
  /** Throws where they are bad. */
  readonly check?: () => void;
  /** How many stages of the encoder the network needs, where not all: nothing is idle then. */
  readonly stages?: number;
  readonly prune?: Pruning;
}

/** A network of SMP from its encoder and a decoder. A 3 x 3 head gives the logits. */
export function smpNetwork(
  builder: string,
  options: SmpNetworkOptions,
  decode: Decode,
  variant: SmpVariant = {},
): LayersModel {
  const decoderChannels = requireSmpOptions(builder, options, variant.options ?? []);
  variant.check?.();
  const { inputShape, classes, encoder, encoderDepth = 5, auxParams, seed = 0 } = options;
  const { stages = encoderDepth } = variant;
  const whole = stages === encoderDepth;
  if (!whole && auxParams !== undefined) throw new RangeError('auxParams must be left out where columns are.');
  return assemble(inputShape, 2 ** stages, (start) => {
    // Decoders count from the deepest stage of the whole network.
    const features: SymbolicTensor[] = new Array(encoderDepth - stages);
    features.push(...[...encoderStages(encoder, start, stages)].reverse());
    const parts: IdlePart[] = [];
    if (whole && (encoderDepth < 5 || encoder.idle !== undefined)) {
      parts.push({ channels: inputShape[2], build: wholeEncoder(encoder) });
    }
    const { decoderUseBatchNorm: useBatchNorm = true, decoderAttentionType } = options;
    const config = { useBatchNorm, attention: decoderAttentionType === 'scse', idle: parts };
    const decoded = decode(features, decoderChannels, config);
    const outputs: SymbolicTensor[] = [];
    if (decoded.features !== undefined) {
      const at = {
        name: 'segmentation_head.0',
        filters: classes,
        kernelSize: 3,
        initializer: 'xavierUniform',
      } as const;
      outputs.push(attach(new TorchConv2D(at), decoded.features));
    }
    outputs.push(...(decoded.more ?? []));
    if (auxParams !== undefined) outputs.push(classificationHead(features[0]!, auxParams));
    return {
      builder,
      outputs: outputs.length === 1 ? outputs[0]! : outputs,
      options: plainEncoder(options),
      seed,
      ...(variant.prune && { prune: variant.prune }),
      idle: { parts, passedOver: (encoder.classifier ?? []).map((name) => `encoder.${name}`) },
    };
  });
}

/** All stages of an encoder and what lies behind them. */
function wholeEncoder(encoder: Encoder): IdlePart['build'] {
  return (image) => {
    const stages = encoder.build(image, 5);
    const deepest = stages.at(-1)!;
    return encoder.idle === undefined ? deepest : encoder.idle(deepest);
  };
}
