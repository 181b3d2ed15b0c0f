import { mul, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { show } from '../core/check.js';
import type { Loss } from './loss.js';
import { requirePixelWeights } from './targetValues.js';

/**
 * Returns a loss whose pixels are weighed by a map that is made of every target: what `fit` and `model.compile`, which
 * pass no third argument, need. {@link targetBorderWeights} makes such a function. Weights that are passed multiply it.
 *
 * @param weightsOf - from a batch of targets to `[batch, height, width]` of 0 or more; its tensor is disposed here.
 * @throws TypeError where one of the two is no function.
 *
 * @example
 * ```ts
 * import { add, dispose, mul, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const loss = pixelWeightedLoss(crossEntropyLoss(), (target) => add(mul(target, 3), 1));
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
  return (target, logits, weights) =>
    tidy(() => {
      const own = weightsOf(target);
      if (weights === undefined) return loss(target, logits, own);
      requirePixelWeights(weights, own.shape);
      return loss(target, logits, mul(own, reshape(weights, own.shape)));
    });
}
