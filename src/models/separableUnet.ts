import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions, requireOneOf } from '../core/check.js';
import { assemble } from './assemble.js';
import { attach, channelCount, concatenate, convolutionBlock, type InputShape } from './blocks.js';
import { TorchConv2D } from './layers/torchConv2d.js';
import { TorchDepthwiseConv2D } from './layers/torchDepthwiseConv2d.js';
import { TorchMaxPool2D } from './layers/torchMaxPool2d.js';
import { type Upsampling, upsampled } from './upsampled.js';

/** Options of {@link separableUnet}. */
export interface SeparableUnetOptions {
  /** `[height, width, channels]`; height and width multiples of 2^levels, or null for any such size. */
  readonly inputShape: InputShape;
  /** Logits a pixel. */
  readonly classes: number;
  /** Channels of the first stage; each further stage doubles them. @defaultValue 64 */
  readonly baseFilters?: number;
  /** How many times the size is halved. @defaultValue 4 */
  readonly levels?: number;
  /** 2 x 2 transposed convolution, or a 1 x 1 convolution and interpolation. @defaultValue 'transposed' */
  readonly upsampling?: Upsampling;
  /** Batch normalisation before each ReLU, or none; convolutions have no bias either way. @defaultValue 'before' */
  readonly batchNorm?: 'before' | 'none';
  /** Whether the decoder's convolutions keep their depthwise part. @defaultValue 'separable' */
  readonly decoderConvolution?: 'separable' | 'pointwise';
  /** Seed of the first weights. @defaultValue 0 */
  readonly seed?: number;
}

/**
 * Returns the depthwise-separable U-Net of Liu et al. 2021 (10.19651/j.cnki.emt.2106310): a first stage of two
 * ordinary 3 x 3 convolutions, then stages of two depthwise-separable ones (3 x 3 depthwise, 1 x 1), each followed by
 * batch normalisation and ReLU; in the decoder upsampling, the encoder's features joined, a 1 x 1 convolution that
 * fuses them, one depthwise-separable convolution; a 1 x 1 head. Logits are `[batch, height, width, classes]`. First
 * weights are Kaiming-uniform, from the seed.
 *
 * The paper's text has 5,990,850 convolution weights for one channel and two classes; its printed 5,982,210 is hit
 * with `batchNorm: 'none', decoderConvolution: 'pointwise'`.
 *
 * @throws RangeError or TypeError for bad options, and for sizes that 2^levels does not divide.
 *
 * @example
 * ```ts
 * const model = separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 4, levels: 2 });
 * countParameters(model).trainable; // 2142
 * model.dispose();
 * ```
 */
export function separableUnet(options: SeparableUnetOptions): LayersModel {
  requireKnownOptions('separableUnet', options, [
    'inputShape',
    'classes',
    'baseFilters',
    'levels',
    'upsampling',
    'batchNorm',
    'decoderConvolution',
    'seed',
  ]);
  const { inputShape, classes, baseFilters = 64, levels = 4, upsampling = 'transposed', seed = 0 } = options;
  const { batchNorm = 'before', decoderConvolution = 'separable' } = options;
  requireInteger('classes', classes, { min: 1 });
  requireInteger('baseFilters', baseFilters, { min: 1 });
  requireInteger('levels', levels, { min: 1, max: 8 });
  requireInteger('seed', seed, { min: 0 });
  requireOneOf('upsampling', upsampling, ['transposed', 'nearest', 'bilinear']);
  requireOneOf('batchNorm', batchNorm, ['before', 'none']);
  requireOneOf('decoderConvolution', decoderConvolution, ['separable', 'pointwise']);
  const initializer = 'kaimingUniform';
  const common = { batchNorm, activation: 'relu', useBias: false, initializer } as const;

  const ordinary = (features: SymbolicTensor, name: string, filters: number, kernelSize: number): SymbolicTensor =>
    convolutionBlock(features, { ...common, conv: `${name}.conv`, norm: `${name}.norm`, filters, kernelSize });
  const separable = (features: SymbolicTensor, name: string, filters: number): SymbolicTensor => {
    const depthwise = new TorchDepthwiseConv2D({ name: `${name}.depthwise`, kernelSize: 3, initializer });
    return ordinary(attach(depthwise, features), name, filters, 1);
  };

  return assemble(inputShape, 2 ** levels, (start) => {
    let features = ordinary(ordinary(start, 'encoder.0.0', baseFilters, 3), 'encoder.0.1', baseFilters, 3);
    const skips: SymbolicTensor[] = [];
    for (let level = 1; level <= levels; level++) {
      skips.push(features);
      features = attach(new TorchMaxPool2D({ name: `encoder.${level}.pool`, poolSize: 2, strides: 2 }), features);
      for (let i = 0; i < 2; i++) features = separable(features, `encoder.${level}.${i}`, baseFilters * 2 ** level);
    }
    for (let level = levels - 1; level >= 0; level--) {
      const name = `decoder.${level}`;
      const skip = skips[level]!;
      const filters = channelCount(skip);
      const up = upsampled(features, { name: `${name}.up`, filters, upsampling, useBias: false });
      const fused = ordinary(concatenate(`${name}.concatenate`, [skip, up]), `${name}.fuse`, filters, 1);
      features =
        decoderConvolution === 'separable'
          ? separable(fused, `${name}.refine`, filters)
          : ordinary(fused, `${name}.refine`, filters, 1);
    }
    const head = new TorchConv2D({ name: 'head', filters: classes, kernelSize: 1, initializer: 'xavierUniform' });
    return { builder: 'separableUnet', outputs: attach(head, features), options, seed };
  });
}
