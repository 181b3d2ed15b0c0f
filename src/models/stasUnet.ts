import { type LayersModel, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions, requireOneOf, show } from '../core/check.js';
import { assemble } from './assemble.js';
import { attach, channelCount, concatenate, type InputShape } from './blocks.js';
import type { Encoder } from './encoders/encoder.js';
import { encoderStages, plainEncoder, requireEncoder } from './encoders/plainEncoder.js';
import type { ActivationName } from './layers/activate.js';
import { Activation2D } from './layers/activation2d.js';
import { TorchBatchNorm2D } from './layers/torchBatchNorm2d.js';
import { TorchConv2D } from './layers/torchConv2d.js';
import { TorchConv2DTranspose } from './layers/torchConv2dTranspose.js';
import { TorchGroupNorm } from './layers/torchGroupNorm.js';
import { Upsample2D } from './layers/upsample2d.js';

/** Options of {@link stasUnet}. */
export interface StasUnetOptions {
  /** `[height, width, channels]`; height and width multiples of 32, or null for any such size. */
  readonly inputShape: InputShape;
  /** Logits a pixel. @defaultValue 2 */
  readonly classes?: number;
  /** The contracting half, for example `efficientnetB3()`. */
  readonly encoder: Encoder;
  /** Channels of the decoder from the deepest level to the image's size. @defaultValue [256, 128, 64, 32, 16] */
  readonly decoderChannels?: readonly number[];
  /**
   * Normalisation of the decoder: each sample whole (`'layer'`, one group), each channel (`'instance'`), groups of
   * channels (`'group'`), or batches. @defaultValue 'layer'
   */
  readonly norm?: 'layer' | 'instance' | 'group' | 'batch';
  /** Groups of channels where `norm` is `'group'`. @defaultValue 8 */
  readonly groups?: number;
  /** What follows each normalisation. @defaultValue 'mish' */
  readonly activation?: ActivationName;
  /** Interpolation, or a 3 x 3 transposed convolution. @defaultValue 'nearest' */
  readonly upsampling?: 'nearest' | 'bilinear' | 'transposed';
  /** How many of the finest levels give logits, 1 to 5. @defaultValue 3 */
  readonly outputs?: number;
  /** Seed of the first weights. @defaultValue 0 */
  readonly seed?: number;
}

/**
 * Returns the network of Hung, Liao and Ng 2022 (STAS segmentation, AI CUP): decoder blocks of two 3 x 3 convolutions
 * with normalisation and activation, to which a 1 x 1 convolution of their input is added; the finest joins the image
 * itself. The finest levels each have a 3 x 3 head, for deep supervision: outputs are logits at 1, 1/2, 1/4, ... of
 * the size of the image, the finest first. First weights as SMP's.
 *
 * Where the original says `instance` it means one group (`'layer'` here), and the other way round.
 *
 * @throws RangeError or TypeError for bad options, and for sizes that 32 does not divide.
 *
 * @example
 * ```ts
 * const model = stasUnet({ inputShape: [32, 32, 3], encoder: mobilenetV2(), decoderChannels: [16, 16, 8, 8, 4] });
 * model.outputs.map(({ shape }) => shape[1]); // [32, 16, 8]
 * model.dispose();
 * ```
 */
export function stasUnet(options: StasUnetOptions): LayersModel {
  const known = ['inputShape', 'classes', 'encoder', 'decoderChannels', 'norm', 'groups', 'activation', 'upsampling'];
  requireKnownOptions('stasUnet', options, [...known, 'outputs', 'seed']);
  const { inputShape, classes = 2, encoder, decoderChannels = [256, 128, 64, 32, 16], norm = 'layer' } = options;
  const { groups = 8, activation = 'mish', upsampling = 'nearest', outputs = 3, seed = 0 } = options;
  requireInteger('classes', classes, { min: 1 });
  requireEncoder(encoder);
  if (!Array.isArray(decoderChannels) || decoderChannels.length !== 5) {
    throw new RangeError(`decoderChannels must have five numbers, got ${show(decoderChannels)}.`);
  }
  decoderChannels.forEach((channels, i) => {
    requireInteger(`decoderChannels[${i}]`, channels, { min: 1 });
  });
  requireOneOf('norm', norm, ['layer', 'instance', 'group', 'batch']);
  requireInteger('groups', groups, { min: 1 });
  if (options.groups !== undefined && norm !== 'group') {
    throw new RangeError(`groups must be left out unless norm is 'group', got norm '${norm}'.`);
  }
  decoderChannels.forEach((channels) => {
    if (norm === 'group' && channels % groups !== 0) {
      throw new RangeError(`groups must divide each of decoderChannels, ${show(decoderChannels)}, got ${groups}.`);
    }
  });
  requireOneOf('activation', activation, ['linear', 'relu', 'leakyRelu', 'mish', 'swish']);
  requireOneOf('upsampling', upsampling, ['nearest', 'bilinear', 'transposed']);
  requireInteger('outputs', outputs, { min: 1, max: 5 });
  requireInteger('seed', seed, { min: 0 });

  const normalization = (name: string, channels: number) => {
    if (norm === 'batch') return new TorchBatchNorm2D({ name });
    const count = norm === 'layer' ? 1 : norm === 'instance' ? channels : groups;
    return new TorchGroupNorm({ name, groups: count });
  };
  const initializer = 'kaimingUniform';
  const block = (features: SymbolicTensor, skip: SymbolicTensor, name: string, filters: number): SymbolicTensor => {
    const up = { name: `${name}.up`, filters: channelCount(features), kernelSize: 3, strides: 2, initializer } as const;
    const doubled =
      upsampling === 'transposed'
        ? attach(new TorchConv2DTranspose({ ...up, padding: 1, outputPadding: 1 }), features)
        : attach(new Upsample2D({ name: `${name}.up`, interpolation: upsampling }), features);
    const joined = concatenate(`${name}.concatenate`, [doubled, skip]);
    let result = joined;
    for (const i of [1, 2]) {
      const conv = { name: `${name}.conv${i}`, filters, kernelSize: 3, useBias: false, initializer } as const;
      result = attach(normalization(`${name}.norm${i}`, filters), attach(new TorchConv2D(conv), result));
      result = attach(new Activation2D({ name: `${name}.act${i}`, activation }), result);
    }
    const short = attach(new TorchConv2D({ name: `${name}.residual`, filters, kernelSize: 1, initializer }), joined);
    return attach(layers.add({ name: `${name}.add` }), [result, short]);
  };

  return assemble(inputShape, 32, (start) => {
    const stages = encoderStages(encoder, start, 5);
    const skips = [start, ...stages.slice(0, 4)];
    const heads: SymbolicTensor[] = [];
    let features = stages[4]!;
    decoderChannels.forEach((filters, i) => {
      const level = 4 - i;
      features = block(features, skips[level]!, `decoder.${level}`, filters);
      if (level >= outputs) return;
      const head = { name: `head.${level}`, filters: classes, kernelSize: 3, initializer: 'xavierUniform' } as const;
      heads.unshift(attach(new TorchConv2D(head), features));
    });
    const ends = heads.length === 1 ? heads[0]! : heads;
    return { builder: 'stasUnet', outputs: ends, options: plainEncoder(options), seed };
  });
}
