import { requireNumber } from '../core/check.js';
import type { LossOf } from './loss.js';
import { type OverlapLossOptions, overlapLoss } from './overlapLoss.js';

/** Options of {@link tverskyLoss}. */
export interface TverskyLossOptions extends OverlapLossOptions {
  /** Weight of false positives (papers differ in which of the two has which name). @defaultValue 0.5 */
  readonly alpha?: number;
  /** Weight of false negatives. @defaultValue 0.5 */
  readonly beta?: number;
  /** Power of the reduced loss, as SMP has it; {@link focalTverskyLoss} takes one of every class. @defaultValue 1 */
  readonly gamma?: number;
}

/** Throws unless the weights of Tversky's score and a power are usable. */
export function requireTversky(alpha: number, beta: number, gamma: number): void {
  requireNumber('alpha', alpha, { min: 0 });
  requireNumber('beta', beta, { min: 0 });
  if (alpha + beta === 0) throw new RangeError('alpha and beta must not both be 0.');
  requireNumber('gamma', gamma, { above: 0 });
}

/**
 * Returns a loss of 1 - Tversky's score, TP / (TP + alpha FP + beta FN), the mean over classes, in 0..1 (Salehi et al.
 * 2017): a `beta` above `alpha` costs missed pixels more than false ones. Dice is alpha = beta = 0.5, Jaccard 1.
 * Follows SMP's `TverskyLoss`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, tensor4d } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2]);
 * const logits = tensor4d([-50, 50, -50, -50], [1, 2, 2, 1]);
 * const value = tverskyLoss({ mode: 'binary', alpha: 0.25, beta: 0.75 })(target, logits);
 * value.dataSync(); // [0.428571]
 * dispose([target, logits, value]);
 * ```
 */
export function tverskyLoss<O extends TverskyLossOptions>(options: O): LossOf<O> {
  const { alpha = 0.5, beta = 0.5, gamma = 1, ...overlap }: TverskyLossOptions = options;
  requireTversky(alpha, beta, gamma);
  return overlapLoss('tverskyLoss', { alpha, beta, power: gamma }, overlap) as LossOf<O>;
}
