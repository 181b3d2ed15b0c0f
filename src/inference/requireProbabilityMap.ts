import { requireImage, show } from '../core/check.js';
import type { ProbabilityMap } from '../core/types.js';

/** Throws unless `probability` is a float array `[height, width]` or `[height, width, classes]`. Internal. */
export function requireProbabilityMap(probability: unknown): asserts probability is ProbabilityMap {
  requireImage('probability', probability);
  if (!(probability.data instanceof Float32Array)) {
    throw new TypeError(`probability must hold a Float32Array, got ${show(probability.data)}.`);
  }
}
