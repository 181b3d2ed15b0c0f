import { conv2dTranspose, serialization, type Tensor, type Tensor1D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers, type Shape } from '@tensorflow/tfjs-layers';
import { activate, type LayerActivation } from './activate.js';
import { channelsOf, mapSides, onlyShape, onlyTensor } from './arguments.js';
import { addBias } from './channelwise.js';
import { convolutionState, type StatefulLayer, type StateTensor, type WeightInitializer } from './stateTensor.js';

/** Arguments of {@link TorchConv2DTranspose}. */
export interface TorchConv2DTransposeConfig {
  /** Name of the layer: PyTorch's module path. */
  name?: string;
  /** Output channels. */
  filters: number;
  /** Side of the kernel. */
  kernelSize: number;
  /** Factor by which the sides grow, 2 by default. */
  strides?: number;
  /** PyTorch's padding, 0 by default: rows and columns cut from every side of the result. */
  padding?: number;
  /** Rows and columns added at the end, 0 by default. */
  outputPadding?: number;
  /** Whether a bias is added; true by default. */
  useBias?: boolean;
  /** What follows the bias; `'linear'` by default. */
  activation?: LayerActivation;
  /** First values of the kernel, PyTorch's default by default. */
  initializer?: WeightInitializer;
}

/** PyTorch's `ConvTranspose2d`. */
export class TorchConv2DTranspose extends layers.Layer implements StatefulLayer {
  /** @nocollapse */
  static readonly className = 'TorchConv2DTranspose';
  private readonly config: Required<Omit<TorchConv2DTransposeConfig, 'name'>>;
  private kernel!: LayerVariable;
  private bias: LayerVariable | undefined;

  constructor(config: TorchConv2DTransposeConfig) {
    super(config as object);
    const { filters, kernelSize, strides = 2, padding = 0, outputPadding = 0, useBias = true } = config;
    const { activation = 'linear', initializer = 'torch' } = config;
    this.config = { filters, kernelSize, strides, padding, outputPadding, useBias, activation, initializer };
  }

  override build(inputShape: Shape | Shape[]): void {
    const { filters, kernelSize, useBias } = this.config;
    const shape = [kernelSize, kernelSize, filters, channelsOf(onlyShape(inputShape))];
    this.kernel = this.addWeight('kernel', shape, 'float32', initializers.zeros());
    if (useBias) this.bias = this.addWeight('bias', [filters], 'float32', initializers.zeros());
    this.built = true;
  }

  private grow(side: number): number {
    const { kernelSize, strides, padding, outputPadding } = this.config;
    return (side - 1) * strides - 2 * padding + kernelSize + outputPadding;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return mapSides(onlyShape(inputShape), this.config.filters, (side) => this.grow(side));
  }

  override call(inputs: Tensor | Tensor[]): Tensor4D {
    const x = onlyTensor(inputs);
    const { filters, strides, padding, activation } = this.config;
    const [batch, height, width] = x.shape;
    const shape: [number, number, number, number] = [batch, this.grow(height), this.grow(width), filters];
    return tidy(() => {
      const sums = conv2dTranspose(x, this.kernel.read() as Tensor4D, shape, strides, padding);
      return this.bias === undefined
        ? activate(sums, activation)
        : addBias(sums, this.bias.read() as Tensor1D, activation);
    });
  }

  /** The tensors of PyTorch's `state_dict`. */
  stateTensors(): readonly StateTensor[] {
    return convolutionState(this.kernel, this.bias, 'transposed', this.config.initializer);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
serialization.registerClass(TorchConv2DTranspose);
