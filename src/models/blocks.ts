import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayerActivation } from './layers/activate.js';
import { Activation2D } from './layers/activation2d.js';
import type { Padding } from './layers/arguments.js';
import type { WeightInitializer } from './layers/stateTensor.js';
import { TorchBatchNorm2D } from './layers/torchBatchNorm2d.js';
import { TorchConv2D } from './layers/torchConv2d.js';
import { TorchDepthwiseConv2D } from './layers/torchDepthwiseConv2d.js';

/**
 * Height, width and channels of the input of a network. Where height and width are null the network takes any size
 * that its `divisor` divides.
 */
export type InputShape = readonly [height: number | null, width: number | null, channels: number];

interface Applicable {
  apply(inputs: SymbolicTensor | SymbolicTensor[]): Tensor | Tensor[] | SymbolicTensor | SymbolicTensor[];
}

/** Applies a layer to what the network has so far. */
export function attach(layer: Applicable, inputs: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  return layer.apply(inputs) as SymbolicTensor;
}

/** Joins feature maps along the channels. */
export function concatenate(name: string, parts: SymbolicTensor[]): SymbolicTensor {
  return parts.length === 1 ? parts[0]! : attach(layers.concatenate({ name, axis: 3 }), parts);
}

/** Number of channels of a feature map. */
export function channelCount(features: SymbolicTensor): number {
  return features.shape[3] as number;
}

/** Arguments of {@link convolutionBlock}. */
export interface ConvolutionBlockConfig {
  readonly conv: string;
  readonly norm: string;
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides?: number;
  readonly padding?: Padding;
  readonly batchNorm: 'none' | 'before' | 'after';
  readonly activation: LayerActivation;
  /** A kernel for each channel by itself; `filters` is then the number of channels. */
  readonly depthwise?: boolean;
  /** Where batch normalisation follows at once a bias would be in vain: by default it is left out there. */
  readonly useBias?: boolean;
  readonly initializer?: WeightInitializer;
  readonly statistics?: NormStatistics;
}

/** What batch normalisation adds to the variance, and the share of the running statistics that stays. */
export interface NormStatistics {
  readonly epsilon: number;
  readonly momentum: number;
}

/** Normalisation `before` the activation, `after` it, or none. */
export function normalized(
  features: SymbolicTensor,
  name: string,
  { batchNorm, activation, statistics }: Pick<ConvolutionBlockConfig, 'batchNorm' | 'activation' | 'statistics'>,
): SymbolicTensor {
  if (batchNorm === 'none') return features;
  if (batchNorm === 'after') return attach(new TorchBatchNorm2D({ name, ...statistics }), features);
  const fused = activation === 'relu' || activation === 'linear';
  const norm = attach(
    new TorchBatchNorm2D({ name, activation: fused ? activation : 'linear', ...statistics }),
    features,
  );
  return fused ? norm : attach(new Activation2D({ name: `${name}.${activation}`, activation }), norm);
}

/** Convolution, batch normalisation and activation in the order asked for. */
export function convolutionBlock(features: SymbolicTensor, config: ConvolutionBlockConfig): SymbolicTensor {
  const {
    conv,
    norm,
    filters,
    kernelSize,
    strides = 1,
    padding,
    batchNorm,
    activation,
    initializer = 'torch',
  } = config;
  const { useBias = batchNorm !== 'before', depthwise = false, statistics } = config;
  const shape = { name: conv, kernelSize, strides, ...(padding === undefined ? {} : { padding }), initializer };
  const layer = depthwise
    ? new TorchDepthwiseConv2D(shape)
    : new TorchConv2D({
        ...shape,
        filters,
        useBias,
        activation: batchNorm === 'before' ? 'linear' : activation,
      });
  const result = attach(layer, features);
  return normalized(result, norm, { batchNorm, activation, ...(statistics && { statistics }) });
}
