import { maxPool, serialization, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { channelsOf, mapSides, onlyShape, onlyTensor } from './arguments.js';

/** Arguments of {@link TorchMaxPool2D}. */
export interface TorchMaxPool2DConfig {
  /** Name of the layer. */
  name?: string;
  /** Side of the window. */
  poolSize: number;
  /** Step. */
  strides: number;
  /** Border that never wins, 0 by default. */
  padding?: number;
}

/** PyTorch's `MaxPool2d`: symmetric padding. */
export class TorchMaxPool2D extends layers.Layer {
  /** @nocollapse */
  static readonly className = 'TorchMaxPool2D';
  private readonly config: Required<Omit<TorchMaxPool2DConfig, 'name'>>;

  constructor(config: TorchMaxPool2DConfig) {
    super(config as object);
    const { poolSize, strides, padding = 0 } = config;
    this.config = { poolSize, strides, padding };
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const { poolSize, strides, padding } = this.config;
    const shape = onlyShape(inputShape);
    return mapSides(shape, channelsOf(shape), (side) => Math.floor((side + 2 * padding - poolSize) / strides) + 1);
  }

  override call(inputs: Tensor | Tensor[]): Tensor4D {
    const { poolSize, strides, padding } = this.config;
    return maxPool(onlyTensor(inputs), poolSize, strides, padding);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
serialization.registerClass(TorchMaxPool2D);
