import { type Tensor, type Tensor3D, tensor3d } from '@tensorflow/tfjs-core';
import { createLabels, createMask } from '../core/arrays.js';
import { requireKnownOptions } from '../core/check.js';
import { label } from '../morphology/label.js';
import { type BorderWeightsOptions, borderWeights } from './borderWeights.js';
import { peek } from './peek.js';

/** Options of {@link targetBorderWeights}. */
export interface TargetBorderWeightsOptions extends BorderWeightsOptions {
  /** Whether pixels that touch by a corner belong to one object. @defaultValue 4 */
  readonly connectivity?: 4 | 8;
}

/**
 * Returns a function for {@link pixelWeightedLoss}: U-Net's {@link borderWeights} of the connected components of the
 * foreground (every class but 0) of each target, `[batch, height, width]` or `[batch, height, width, 1]`.
 *
 * @throws RangeError or TypeError for bad options, and from the function for one-hot targets.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d } from '@tensorflow/tfjs-core';
 * const target = tensor3d([1, 0, 1], [1, 1, 3], 'int32');
 * const weights = targetBorderWeights({ w0: 10, sigma: 5 })(target);
 * weights.dataSync(); // [1, 10.231163, 1]
 * dispose([target, weights]);
 * ```
 */
export function targetBorderWeights(options: TargetBorderWeightsOptions = {}): (target: Tensor) => Tensor3D {
  requireKnownOptions('targetBorderWeights', options, ['w0', 'sigma', 'inside', 'connectivity']);
  const { connectivity = 4, ...border } = options;
  borderWeights(createLabels([0], [1, 1]), border);
  return (target) => {
    const [batch, height, width, channels = 1] = target.shape as [number, number, number, number?];
    if (channels !== 1 || target.shape.length < 3) {
      throw new RangeError(
        `target must have shape [batch, height, width] or [batch, height, width, 1], got [${target.shape.join(', ')}].`,
      );
    }
    const foreground = Uint8Array.from(peek(target), (value) => (value > 0 ? 1 : 0));
    const size = height * width;
    const weights = new Float32Array(batch * size);
    for (let image = 0; image < batch; image++) {
      const mask = createMask(foreground.slice(image * size, (image + 1) * size), [height, width]);
      weights.set(borderWeights(label(mask, { connectivity }), border).data, image * size);
    }
    return tensor3d(weights, [batch, height, width]);
  };
}
