import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { show } from '../core/check.js';
import type { Loss } from './loss.js';

/**
 * Returns a loss whose pixels are weighed by a map that is made of every target: what `fit` and `model.compile`, which
 * pass no third argument, need. {@link targetBorderWeights} makes such a function.
 *
 * @param weightsOf - from a batch of targets to `[batch, height, width]` of 0 or more; its tensor is disposed here.
 * @throws TypeError where one of the two is no function.
 *
 * @example
 * ```ts
 * import { dispose, ones, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const loss = pixelWeightedLoss(crossEntropyLoss(), (target) => target.mul(3).add(1));
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2], 'int32');
 * const logits = zeros([1, 2, 2, 2]);
 * const value = loss(target, logits);
 * value.dataSync(); // [1.732868]
 * dispose([target, logits, value]);
 * ```
 */
export function pixelWeightedLoss(loss: Loss, weightsOf: (target: Tensor) => Tensor): Loss {
  for (const [name, value] of Object.entries({ loss, weightsOf })) {
    if (typeof value !== 'function') throw new TypeError(`${name} must be a function, got ${show(value)}.`);
  }
  return (target, logits) => tidy(() => loss(target, logits, weightsOf(target)));
}
