import { mul, serialization, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { onlyShape, onlyTensor } from './arguments.js';

/** Multiplies features by a gate that has one pixel, or one channel: squeeze and excitation, in space or channels. */
export class Gate2D extends layers.Layer {
  /** @nocollapse */
  static readonly className = 'Gate2D';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor4D {
    return mul<Tensor4D>(onlyTensor(inputs), (inputs as Tensor[])[1] as Tensor4D);
  }
}
serialization.registerClass(Gate2D);
