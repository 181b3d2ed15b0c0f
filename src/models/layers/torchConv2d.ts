import { conv2d, fused, serialization, type Tensor, type Tensor1D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers, type Shape } from '@tensorflow/tfjs-layers';
import { activate, type LayerActivation, LEAKY_SLOPE } from './activate.js';
import {
  channelsOf,
  isTraining,
  mapSides,
  onlyShape,
  onlyTensor,
  type Padding,
  tensorflowPadding,
  totalPadding,
} from './arguments.js';
import { addBias } from './channelwise.js';
import { convolutionState, type StatefulLayer, type StateTensor, type WeightInitializer } from './stateTensor.js';

/** Arguments of {@link TorchConv2D}. */
export interface TorchConv2DConfig {
  /** Name of the layer: PyTorch's module path. */
  name?: string;
  /** Output channels. */
  filters: number;
  /** Side of the kernel. */
  kernelSize: number;
  /** Step, 1 by default. */
  strides?: number;
  /** Zeros on every side, or before and after; half the kernel, rounded down, by default. */
  padding?: Padding;
  /** Whether a bias is added; true by default. */
  useBias?: boolean;
  /** What follows the bias; `'linear'` by default. */
  activation?: LayerActivation;
  /** First values of the kernel, PyTorch's default by default. */
  initializer?: WeightInitializer;
}

/** What TensorFlow.js has in one kernel with a convolution. */
function fusable(activation: LayerActivation): 'linear' | 'relu' | 'leakyrelu' | undefined {
  switch (activation) {
    case 'linear':
    case 'relu':
      return activation;
    case 'leakyRelu':
      return 'leakyrelu';
    default:
      return undefined;
  }
}

/** PyTorch's `Conv2d`: padding by a number of pixels, an optional bias and activation in the same pass. */
export class TorchConv2D extends layers.Layer implements StatefulLayer {
  /** @nocollapse */
  static readonly className = 'TorchConv2D';
  private readonly config: Required<Omit<TorchConv2DConfig, 'name'>>;
  private kernel!: LayerVariable;
  private bias: LayerVariable | undefined;

  constructor(config: TorchConv2DConfig) {
    super(config as object);
    const { filters, kernelSize, strides = 1, useBias = true } = config;
    const { padding = Math.floor(kernelSize / 2), activation = 'linear' } = config;
    const { initializer = 'torch' } = config;
    this.config = { filters, kernelSize, strides, padding, useBias, activation, initializer };
  }

  override build(inputShape: Shape | Shape[]): void {
    const { filters, kernelSize, useBias } = this.config;
    const channels = channelsOf(onlyShape(inputShape));
    const shape = [kernelSize, kernelSize, channels, filters];
    this.kernel = this.addWeight('kernel', shape, 'float32', initializers.zeros());
    if (useBias) this.bias = this.addWeight('bias', [filters], 'float32', initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const { filters, kernelSize, strides, padding } = this.config;
    return mapSides(
      onlyShape(inputShape),
      filters,
      (side) => Math.floor((side + totalPadding(padding) - kernelSize) / strides) + 1,
    );
  }

  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor4D {
    const x = onlyTensor(inputs);
    const { strides, padding, activation } = this.config;
    const filter = this.kernel.read() as Tensor4D;
    return tidy(() => {
      const pad = tensorflowPadding(padding);
      const inOne = fusable(activation);
      if (isTraining(kwargs) || inOne === undefined) {
        const sums = conv2d(x, filter, strides, pad);
        return this.bias === undefined
          ? activate(sums, activation)
          : addBias(sums, this.bias.read() as Tensor1D, activation);
      }
      return fused.conv2d({
        x,
        filter,
        strides,
        pad,
        ...(this.bias === undefined ? {} : { bias: this.bias.read() }),
        activation: inOne,
        leakyreluAlpha: LEAKY_SLOPE,
      });
    });
  }

  /** The tensors of PyTorch's `state_dict`. */
  stateTensors(): readonly StateTensor[] {
    return convolutionState(this.kernel, this.bias, 'convolution', this.config.initializer);
  }

  override getConfig(): serialization.ConfigDict {
    const { padding } = this.config;
    const plain = typeof padding === 'number' ? padding : [...padding];
    return { ...super.getConfig(), ...this.config, padding: plain };
  }
}
serialization.registerClass(TorchConv2D);
