import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions, show } from '../core/check.js';
import { attach, closeModel, concatenate, convolutionBlock, type InputShape, openInput } from './blocks.js';
import type { Encoder } from './encoders/encoder.js';
import { TorchConv2D } from './layers/torchConv2d.js';
import { Upsample2D } from './layers/upsample2d.js';

/** Options of {@link unet} and {@link unetPlusPlus}. */
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
  /** Seed of the first weights. @defaultValue 0 */
  readonly seed?: number;
}

/** Upsampling by nearest neighbour, the skip connections joined behind, two 3 x 3 convolutions: SMP's decoder block. */
export function decoderBlock(
  features: SymbolicTensor,
  skips: readonly SymbolicTensor[],
  name: string,
  filters: number,
): SymbolicTensor {
  const up = attach(new Upsample2D({ name: `${name}.upsample`, interpolation: 'nearest' }), features);
  let result = concatenate(`${name}.concatenate`, [up, ...skips]);
  for (const conv of ['conv1', 'conv2']) {
    result = convolutionBlock(result, {
      conv: `${name}.${conv}.0`,
      norm: `${name}.${conv}.1`,
      filters,
      kernelSize: 3,
      batchNorm: 'before',
      activation: 'relu',
      initializer: 'kaimingUniform',
    });
  }
  return result;
}

/**
 * A network of SMP from its encoder and a decoder: `decode` gets the encoder's features from the deepest to stride 2
 * and the decoder's channels, and returns features at the size of the image. A 3 x 3 head gives the logits.
 */
export function smpNetwork(
  name: string,
  options: SmpNetworkOptions,
  decode: (features: readonly SymbolicTensor[], channels: readonly number[]) => SymbolicTensor,
): LayersModel {
  requireKnownOptions(name, options, ['inputShape', 'classes', 'encoder', 'encoderDepth', 'decoderChannels', 'seed']);
  const { inputShape, classes, encoder, encoderDepth = 5, seed = 0 } = options;
  requireInteger('classes', classes, { min: 1 });
  requireInteger('encoderDepth', encoderDepth, { min: 3, max: 5 });
  requireInteger('seed', seed, { min: 0 });
  if (typeof encoder !== 'object' || encoder === null || typeof encoder.build !== 'function') {
    throw new TypeError(`encoder must be an encoder such as resnet34(), got ${show(encoder)}.`);
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
  const [image, start] = openInput(inputShape, 2 ** encoderDepth);
  const features = [...encoder.build(start, encoderDepth)].reverse();
  const decoded = decode(features, decoderChannels);
  const head = new TorchConv2D({
    name: 'segmentation_head.0',
    filters: classes,
    kernelSize: 3,
    initializer: 'xavierUniform',
  });
  return closeModel(name, image, attach(head, decoded), seed);
}
