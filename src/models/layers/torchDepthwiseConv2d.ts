import { depthwiseConv2d, serialization, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers, type Shape } from '@tensorflow/tfjs-layers';
import {
  channelsOf,
  mapSides,
  onlyShape,
  onlyTensor,
  type Padding,
  tensorflowPadding,
  totalPadding,
} from './arguments.js';
import type { StatefulLayer, StateTensor, WeightInitializer } from './stateTensor.js';

/** Arguments of {@link TorchDepthwiseConv2D}. */
export interface TorchDepthwiseConv2DConfig {
  /** Name of the layer: PyTorch's module path. */
  name?: string;
  /** Side of the kernel. */
  kernelSize: number;
  /** Step, 1 by default. */
  strides?: number;
  /** Zeros on every side, or before and after; half the kernel, rounded down, by default. */
  padding?: Padding;
  /** First values of the kernel, PyTorch's default by default. */
  initializer?: WeightInitializer;
}

/** PyTorch's `Conv2d` with as many groups as channels and no bias: every channel has a kernel of its own. */
export class TorchDepthwiseConv2D extends layers.Layer implements StatefulLayer {
  /** @nocollapse */
  static readonly className = 'TorchDepthwiseConv2D';
  private readonly config: Required<Omit<TorchDepthwiseConv2DConfig, 'name'>>;
  private kernel!: LayerVariable;

  constructor(config: TorchDepthwiseConv2DConfig) {
    super(config as object);
    const { kernelSize, strides = 1, padding = Math.floor(kernelSize / 2), initializer = 'torch' } = config;
    this.config = { kernelSize, strides, padding, initializer };
  }

  override build(inputShape: Shape | Shape[]): void {
    const { kernelSize } = this.config;
    const shape = [kernelSize, kernelSize, channelsOf(onlyShape(inputShape)), 1];
    this.kernel = this.addWeight('depthwise_kernel', shape, 'float32', initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const { kernelSize, strides, padding } = this.config;
    const shape = onlyShape(inputShape);
    return mapSides(
      shape,
      channelsOf(shape),
      (side) => Math.floor((side + totalPadding(padding) - kernelSize) / strides) + 1,
    );
  }

  override call(inputs: Tensor | Tensor[]): Tensor4D {
    const { strides, padding } = this.config;
    return tidy(() =>
      depthwiseConv2d(onlyTensor(inputs), this.kernel.read() as Tensor4D, strides, tensorflowPadding(padding)),
    );
  }

  /** The tensors of PyTorch's `state_dict`. */
  stateTensors(): readonly StateTensor[] {
    const { initializer } = this.config;
    return [{ leaf: 'weight', variable: this.kernel, layout: 'depthwise', initializer }];
  }

  override getConfig(): serialization.ConfigDict {
    const { padding } = this.config;
    const plain = typeof padding === 'number' ? padding : [...padding];
    return { ...super.getConfig(), ...this.config, padding: plain };
  }
}
serialization.registerClass(TorchDepthwiseConv2D);
