import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions, requireOneOf, show } from '../core/check.js';
import { assemble } from './assemble.js';
import { attach, concatenate, convolutionBlock, type InputShape } from './blocks.js';
import type { ActivationName } from './layers/activate.js';
import { TorchConv2D } from './layers/torchConv2d.js';
import { TorchMaxPool2D } from './layers/torchMaxPool2d.js';
import { type Upsampling, upsampled } from './upsampled.js';

/** Options of {@link plainUnet}. */
export interface PlainUnetOptions {
  /** `[height, width, channels]`; height and width multiples of 2^levels, or null for any such size. */
  readonly inputShape: InputShape;
  /** Logits a pixel. */
  readonly classes: number;
  /** Channels of the first level; each further level doubles them. @defaultValue 64 */
  readonly baseFilters?: number;
  /** How many times the size is halved. @defaultValue 4 */
  readonly levels?: number;
  /**
   * Convolutions a level; a list holds one number for every level from the finest, then the bottom: levels + 1. The
   * decoder has as many as the encoder's level. @defaultValue 2
   */
  readonly convolutionsPerLevel?: number | readonly number[];
  /** Side of the kernels, odd. @defaultValue 3 */
  readonly kernelSize?: number;
  /** Batch normalisation before the activation, after it, or none. @defaultValue 'before' */
  readonly batchNorm?: 'none' | 'before' | 'after';
  /** What follows each convolution. @defaultValue 'relu' */
  readonly activation?: ActivationName;
  /** 2 x 2 transposed convolution, or doubling followed by a 1 x 1 convolution. @defaultValue 'transposed' */
  readonly upsampling?: Upsampling;
  /** Seed of the first weights. @defaultValue 0 */
  readonly seed?: number;
}

function perLevel(value: number | readonly number[], levels: number): readonly number[] {
  if (typeof value === 'number') {
    requireInteger('convolutionsPerLevel', value, { min: 1, max: 8 });
    return new Array<number>(levels + 1).fill(value);
  }
  if (!Array.isArray(value) || value.length !== levels + 1) {
    throw new RangeError(
      `convolutionsPerLevel must be a number or a list of ${levels + 1}, one a level and one for the bottom, got ${show(value)}.`,
    );
  }
  value.forEach((count, level) => {
    requireInteger(`convolutionsPerLevel[${level}]`, count, { min: 1, max: 8 });
  });
  return value;
}

/**
 * Returns a U-Net in the manner of Ronneberger et al. 2015, padded so that logits `[batch, height, width, classes]`
 * have the size of the image: levels of convolutions and 2 x 2 max-pooling, and back with the encoder's features
 * joined in front of the upsampled ones. First weights are PyTorch's default, from the seed.
 *
 * With `baseFilters: 16, levels: 3, convolutionsPerLevel: [1, 2, 2, 3], batchNorm: 'after', activation: 'leakyRelu',
 * upsampling: 'bilinear'`, one channel and one class it is AtomAI's `Unet` of 594,033 parameters.
 *
 * @throws RangeError or TypeError for bad options, and for sizes that 2^levels does not divide.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [16, 16, 1], classes: 2, baseFilters: 4, levels: 2 });
 * model.outputShape; // [null, 16, 16, 2]
 * model.dispose();
 * ```
 */
export function plainUnet(options: PlainUnetOptions): LayersModel {
  requireKnownOptions('plainUnet', options, [
    'inputShape',
    'classes',
    'baseFilters',
    'levels',
    'convolutionsPerLevel',
    'kernelSize',
    'batchNorm',
    'activation',
    'upsampling',
    'seed',
  ]);
  const { inputShape, classes, baseFilters = 64, levels = 4, convolutionsPerLevel = 2, kernelSize = 3 } = options;
  const { batchNorm = 'before', activation = 'relu', upsampling = 'transposed', seed = 0 } = options;
  requireInteger('classes', classes, { min: 1 });
  requireInteger('baseFilters', baseFilters, { min: 1 });
  requireInteger('levels', levels, { min: 1, max: 8 });
  requireInteger('kernelSize', kernelSize, { min: 1, max: 31 });
  if (kernelSize % 2 === 0) throw new RangeError(`kernelSize must be odd, got ${kernelSize}.`);
  requireInteger('seed', seed, { min: 0 });
  requireOneOf('batchNorm', batchNorm, ['none', 'before', 'after']);
  requireOneOf('activation', activation, ['linear', 'relu', 'leakyRelu', 'mish', 'swish']);
  requireOneOf('upsampling', upsampling, ['transposed', 'nearest', 'bilinear']);
  const counts = perLevel(convolutionsPerLevel, levels);

  return assemble(inputShape, 2 ** levels, (start) => {
    const stage = (features: SymbolicTensor, name: string, level: number): SymbolicTensor => {
      let result = features;
      for (let i = 0; i < counts[level]!; i++) {
        result = convolutionBlock(result, {
          conv: `${name}.${i}.conv`,
          norm: `${name}.${i}.norm`,
          filters: baseFilters * 2 ** level,
          kernelSize,
          batchNorm,
          activation,
        });
      }
      return result;
    };

    const skips: SymbolicTensor[] = [];
    let features = start;
    for (let level = 0; level < levels; level++) {
      const skip = stage(features, `encoder.${level}`, level);
      skips.push(skip);
      features = attach(new TorchMaxPool2D({ name: `encoder.${level}.pool`, poolSize: 2, strides: 2 }), skip);
    }
    features = stage(features, 'bottom', levels);
    for (let level = levels - 1; level >= 0; level--) {
      const name = `decoder.${level}`;
      const up = upsampled(features, {
        name: `${name}.up`,
        filters: baseFilters * 2 ** level,
        upsampling,
        useBias: true,
      });
      features = stage(concatenate(`${name}.concatenate`, [skips[level]!, up]), name, level);
    }
    const logits = attach(new TorchConv2D({ name: 'head', filters: classes, kernelSize: 1 }), features);
    return { builder: 'plainUnet', outputs: logits, options, seed };
  });
}
