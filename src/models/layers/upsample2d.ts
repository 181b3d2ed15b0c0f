import { serialization, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { channelsOf, mapSides, onlyShape, onlyTensor } from './arguments.js';
import { doubleSize, type Interpolation } from './doubleSize.js';

/** Arguments of {@link Upsample2D}. */
export interface Upsample2DConfig {
  /** Name of the layer. */
  name?: string;
  /** How new pixels come about. */
  interpolation: Interpolation;
}

/** PyTorch's `Upsample(scale_factor=2)` without `align_corners`. */
export class Upsample2D extends layers.Layer {
  /** @nocollapse */
  static readonly className = 'Upsample2D';
  private readonly interpolation: Interpolation;

  constructor(config: Upsample2DConfig) {
    super(config as object);
    this.interpolation = config.interpolation;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = onlyShape(inputShape);
    return mapSides(shape, channelsOf(shape), (side) => side * 2);
  }

  override call(inputs: Tensor | Tensor[]): Tensor4D {
    return tidy(() => doubleSize(onlyTensor(inputs), this.interpolation));
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), interpolation: this.interpolation };
  }
}
serialization.registerClass(Upsample2D);
