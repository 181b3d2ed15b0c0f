import { addN, mul, type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { requireNumber, show } from '../core/check.js';
import { type DefinedLoss, defineSum, isDefined } from './defineLoss.js';
import type { Loss } from './loss.js';

/**
 * Returns the sum of losses, each times its weight. Losses of this library share the prepared target and the softmax or
 * sigmoid of the logits; any other function of target and logits can be a term as well.
 *
 * @param terms - pairs `[weight, loss]`; weights are finite, 0 or more.
 * @throws RangeError or TypeError where there is no term, or one is no such pair, or some take logits and others
 * probabilities.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const loss = sumLosses([[1, diceLoss({ mode: 'binary' })], [20, focalLoss({ mode: 'binary' })]]);
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2]);
 * const logits = zeros([1, 2, 2, 1]);
 * const value = loss(target, logits);
 * value.dataSync(); // [3.965736]
 * dispose([target, logits, value]);
 * ```
 */
export function sumLosses(terms: readonly (readonly [weight: number, loss: Loss])[]): Loss {
  if (!Array.isArray(terms)) throw new TypeError(`terms must be an array of [weight, loss], got ${show(terms)}.`);
  if (terms.length === 0) throw new RangeError('terms must hold at least one [weight, loss], got none.');
  const pairs: readonly (readonly [number, Loss])[] = terms.map((term: unknown, i) => {
    if (!Array.isArray(term) || term.length !== 2 || typeof term[1] !== 'function') {
      throw new TypeError(`terms[${i}] must be [weight, loss], got ${show(term)}.`);
    }
    requireNumber(`terms[${i}][0]`, term[0], { min: 0 });
    return [term[0], term[1] as Loss] as const;
  });
  if (pairs.every(([, loss]) => isDefined(loss))) {
    return defineSum(pairs as unknown as readonly (readonly [number, DefinedLoss])[]);
  }
  return (target: Tensor, logits: Tensor, weights?: Tensor): Scalar =>
    tidy(() => addN(pairs.map(([weight, loss]) => mul<Scalar>(weight, loss(target, logits, weights)))));
}
