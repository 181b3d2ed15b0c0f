import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { attach } from './blocks.js';
import { TorchConv2D } from './layers/torchConv2d.js';
import { TorchConv2DTranspose } from './layers/torchConv2dTranspose.js';
import { Upsample2D } from './layers/upsample2d.js';

/** How a decoder doubles the size: 2 x 2 transposed convolution, or interpolation and a 1 x 1 convolution. */
export type Upsampling = 'transposed' | 'nearest' | 'bilinear';

/** Arguments of {@link upsampled}. */
export interface UpsampledConfig {
  readonly name: string;
  readonly filters: number;
  readonly upsampling: Upsampling;
  readonly useBias: boolean;
}

/** Features at twice the size with another number of channels. */
export function upsampled(
  features: SymbolicTensor,
  { name, filters, upsampling, useBias }: UpsampledConfig,
): SymbolicTensor {
  if (upsampling === 'transposed') {
    return attach(new TorchConv2DTranspose({ name, filters, kernelSize: 2, strides: 2, useBias }), features);
  }
  // A 1 x 1 convolution and an interpolation whose weights sum to 1 commute: the convolution goes first, where it
  // costs a quarter.
  const narrow = attach(new TorchConv2D({ name, filters, kernelSize: 1, useBias }), features);
  return attach(new Upsample2D({ name: `${name}.interpolate`, interpolation: upsampling }), narrow);
}
