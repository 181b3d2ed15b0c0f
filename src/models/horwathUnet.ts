import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions, requireOneOf } from '../core/check.js';
import { assemble } from './assemble.js';
import { attach, channelCount, concatenate, convolutionBlock, type InputShape, normalized } from './blocks.js';
import { TorchConv2DTranspose } from './layers/torchConv2dTranspose.js';
import { TorchMaxPool2D } from './layers/torchMaxPool2d.js';

/** Options of {@link horwathUnet}. */
export interface HorwathUnetOptions {
  /** `[height, width, channels]`; height and width multiples of 16 (8 for `'small'`), or null for any such size. */
  readonly inputShape: InputShape;
  /** Logits a pixel. @defaultValue 2 */
  readonly classes?: number;
  /**
   * With one channel and two classes:
   * - `'small'`: three levels, ReLU, no normalisation; 16,002 parameters;
   * - `'normalized'`: four levels, batch normalisation; 86,590;
   * - `'twoConvolutions'`: a second convolution a level, no normalisation; 221,146;
   * - `'twoConvolutionsNormalized'`: both; 222,046.
   * @defaultValue 'normalized'
   */
  readonly variant?: 'small' | 'normalized' | 'twoConvolutions' | 'twoConvolutionsNormalized';
  /** Seed of the first weights. @defaultValue 0 */
  readonly seed?: number;
}

/**
 * Returns a network of Horwath et al. 2020 (10.1038/s41524-020-00363-x) as their repository has it: single 3 x 3
 * convolutions, each pooled, the deepest too; 3 x 3 transposed convolutions, behind whose result the encoder's
 * features are joined; the activation before the normalisation; both also after the last layer, so that its logits
 * are normalised activations. Logits are `[batch, height, width, classes]`. First weights are PyTorch's default.
 *
 * @throws RangeError or TypeError for bad options, and for sizes that do not divide.
 *
 * @example
 * ```ts
 * const model = horwathUnet({ inputShape: [null, null, 1], variant: 'small' });
 * countParameters(model).trainable; // 16002
 * model.dispose();
 * ```
 */
export function horwathUnet(options: HorwathUnetOptions): LayersModel {
  requireKnownOptions('horwathUnet', options, ['inputShape', 'classes', 'variant', 'seed']);
  const { inputShape, classes = 2, variant = 'normalized', seed = 0 } = options;
  requireInteger('classes', classes, { min: 1 });
  requireInteger('seed', seed, { min: 0 });
  requireOneOf('variant', variant, ['small', 'normalized', 'twoConvolutions', 'twoConvolutionsNormalized']);
  const small = variant === 'small';
  const twice = variant === 'twoConvolutions' || variant === 'twoConvolutionsNormalized';
  const activation = small ? 'relu' : 'leakyRelu';
  const batchNorm = variant === 'normalized' || variant === 'twoConvolutionsNormalized' ? 'after' : 'none';
  const encoderFilters = small ? [8, 16, 32] : [8, 16, 32, 64];
  const decoderFilters = small ? [16, 8, 8] : [32, 32, 16, 16];

  const convolved = (features: SymbolicTensor, name: string, filters: number, kernelSize = 3): SymbolicTensor => {
    const names = { conv: `${name}.conv`, norm: `${name}.norm` };
    return convolutionBlock(features, { ...names, filters, kernelSize, batchNorm, activation });
  };

  return assemble(inputShape, 2 ** encoderFilters.length, (start) => {
    const skips: SymbolicTensor[] = [];
    let features = start;
    encoderFilters.forEach((filters, level) => {
      const skip = convolved(features, `encoder.${level}`, filters);
      skips.push(skip);
      features = attach(new TorchMaxPool2D({ name: `encoder.${level}.pool`, poolSize: 2, strides: 2 }), skip);
    });
    decoderFilters.forEach((filters, step) => {
      const name = `decoder.${step}`;
      const config = {
        name: `${name}.up`,
        filters,
        kernelSize: 3,
        strides: 2,
        padding: 1,
        outputPadding: 1,
        activation,
      };
      const up = attach(new TorchConv2DTranspose({ ...config, activation }), features);
      const norm = normalized(up, `${name}.norm`, { batchNorm, activation });
      features = concatenate(`${name}.concatenate`, [norm, skips[skips.length - 1 - step]!]);
      if (twice) features = convolved(features, `${name}.second`, channelCount(features));
    });
    const close = (outputs: SymbolicTensor) => ({ builder: 'horwathUnet', outputs, options, seed });
    if (small) return close(convolved(features, 'head', classes));
    features = convolved(features, 'merge', 8);
    if (twice) features = convolved(features, 'merge.second', 8);
    return close(convolved(features, 'head', classes, 1));
  });
}
