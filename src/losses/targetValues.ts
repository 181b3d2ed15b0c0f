import type { Tensor } from '@tensorflow/tfjs-core';
import { requireShape } from '../core/check.js';
import { isAtHand, isOnHost, peek } from './peek.js';
import { areFinite, areWithin } from './quickChecks.js';

function position(index: number, shape: readonly number[]): string {
  const at: number[] = [];
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    at.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return `[${at.join(', ')}]`;
}

/** Throws unless the marker of ignored pixels differs from the classes. */
export function requireOutside(ignoreIndex: number | undefined, classes: number): void {
  if (ignoreIndex !== undefined && ignoreIndex >= 0 && ignoreIndex < classes) {
    throw new RangeError(`ignoreIndex must lie outside the classes 0..${classes - 1}, got ${ignoreIndex}.`);
  }
}

const orIgnored = (ignoreIndex: number | undefined): string => (ignoreIndex === undefined ? '' : ` or ${ignoreIndex}`);

/** Throws unless all values are class indices or the marker. */
export function requireIndices(target: Tensor, classes: number, ignoreIndex: number | undefined): void {
  const data = peek(target);
  if (areWithin(data, classes - 1)) return;
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!;
    if ((id >= 0 && id < classes && (id | 0) === id) || id === ignoreIndex) continue;
    throw new RangeError(
      `target must hold class indices 0..${classes - 1}${orIgnored(ignoreIndex)}, ` +
        `got ${id} at ${position(i, target.shape)}.`,
    );
  }
}

/** Throws unless all values lie in 0..1 or are the marker. */
export function requireShares(target: Tensor, ignoreIndex: number | undefined): void {
  const data = peek(target);
  if (areWithin(data, 1)) return;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if ((value >= 0 && value <= 1) || value === ignoreIndex) continue;
    throw new RangeError(
      `target must hold values in 0..1${orIgnored(ignoreIndex)}, got ${value} at ${position(i, target.shape)}.`,
    );
  }
}

/** One-hot rows sum to 1; with an `ignoreIndex` a row of zeros, as `oneHot` writes it, is an ignored pixel. */
export function requireOneHot(target: Tensor, classes: number, ignoreIndex: number | undefined): void {
  requireShares(target, undefined);
  const data = peek(target);
  for (let i = 0; i < data.length; i += classes) {
    let total = 0;
    for (let k = 0; k < classes; k++) total += data[i + k]!;
    if (Math.abs(total - 1) < 1e-4 || (total === 0 && ignoreIndex !== undefined)) continue;
    throw new RangeError(
      `target must have classes that sum to 1 in every pixel, got ${total} at ${position(i / classes, target.shape.slice(0, 3))}.`,
    );
  }
}

/** Throws unless `weights` are one finite number of 0 or more a pixel, not all 0. */
export function requirePixelWeights(weights: Tensor, [batch, height, width]: readonly number[]): void {
  if (weights.shape.length === 4) requireShape('weights', weights.shape, [batch!, height!, width!, 1]);
  else requireShape('weights', weights.shape, [batch!, height!, width!]);
  const data = peek(weights);
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(
        `weights must hold finite numbers of 0 or more, got ${value} at ${position(i, weights.shape)}.`,
      );
    }
    if (value > largest) largest = value;
  }
  if (largest === 0) throw new RangeError('weights must hold at least one number above 0, got none.');
}

/**
 * Throws where logits are no numbers, naming the first: if the loss of them is not a number, or, on engines where that
 * waits for a computation, if they are at hand.
 */
export function requireNumbers(value: Tensor, scores: Tensor, name: 'logits' | 'probabilities'): void {
  if (isOnHost() ? !peek(value).some(Number.isNaN) : !isAtHand(scores)) return;
  const data = peek(scores);
  if (areFinite(data)) return;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new RangeError(`${name} must be finite numbers, got ${data[i]} at ${position(i, scores.shape)}.`);
  }
}

/** Throws unless what was given as probabilities lies in 0..1, where looking waits for nothing. */
export function requireProbabilities(scores: Tensor): void {
  if (!isAtHand(scores)) return;
  const data = peek(scores);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value >= -1e-6 && value <= 1.000001) continue;
    throw new RangeError(
      `probabilities must lie in 0..1 (fromLogits is false), got ${value} at ${position(i, scores.shape)}.`,
    );
  }
}
