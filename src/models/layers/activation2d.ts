import { clone, serialization, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { activate, type LayerActivation } from './activate.js';
import { onlyShape, onlyTensor } from './arguments.js';

/** Arguments of {@link Activation2D}. */
export interface Activation2DConfig {
  /** Name of the layer. */
  name?: string;
  /** Name of the function. */
  activation: LayerActivation;
}

/** An activation as a layer of its own. */
export class Activation2D extends layers.Layer {
  /** @nocollapse */
  static readonly className = 'Activation2D';
  private readonly activation: LayerActivation;

  constructor(config: Activation2DConfig) {
    super(config as object);
    this.activation = config.activation;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor4D {
    const x = onlyTensor(inputs);
    return this.activation === 'linear' ? clone(x) : activate(x, this.activation);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), activation: this.activation };
  }
}
serialization.registerClass(Activation2D);
