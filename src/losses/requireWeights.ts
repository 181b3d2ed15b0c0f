import { requireNumber, show } from '../core/check.js';

/** Throws unless `weights` are numbers of 0 or more, not all 0. */
export function requireWeights(name: string, weights: unknown): asserts weights is readonly number[] {
  if (!Array.isArray(weights)) throw new TypeError(`${name} must be an array of numbers, got ${show(weights)}.`);
  weights.forEach((weight, i) => {
    requireNumber(`${name}[${i}]`, weight, { min: 0 });
  });
  if (!weights.some((weight) => weight > 0)) {
    throw new RangeError(`${name} must hold at least one number above 0, got ${show(weights)}.`);
  }
}
