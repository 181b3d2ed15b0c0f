import { max, mean, serialization, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { channelsOf, onlyShape, onlyTensor } from './arguments.js';

/** Arguments of {@link GlobalPool2D}. */
export interface GlobalPool2DConfig {
  /** Name of the layer. */
  name?: string;
  /** Mean or largest value of each channel; the mean by default. */
  pooling?: 'avg' | 'max';
}

/** PyTorch's `AdaptiveAvgPool2d(1)` or `AdaptiveMaxPool2d(1)`: one pixel is left. */
export class GlobalPool2D extends layers.Layer {
  /** @nocollapse */
  static readonly className = 'GlobalPool2D';
  private readonly pooling: 'avg' | 'max';

  constructor(config: GlobalPool2DConfig = {}) {
    super(config as object);
    this.pooling = config.pooling ?? 'avg';
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = onlyShape(inputShape);
    return [shape[0] ?? null, 1, 1, channelsOf(shape)];
  }

  override call(inputs: Tensor | Tensor[]): Tensor4D {
    const x = onlyTensor(inputs);
    return this.pooling === 'avg' ? mean<Tensor4D>(x, [1, 2], true) : max<Tensor4D>(x, [1, 2], true);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), pooling: this.pooling };
  }
}
serialization.registerClass(GlobalPool2D);
