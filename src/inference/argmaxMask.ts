import { contiguous, createMask } from '../core/arrays.js';
import { show } from '../core/check.js';
import type { Mask, ProbabilityMap } from '../core/types.js';
import { requireProbabilityMap } from './requireProbabilityMap.js';

/**
 * Returns the most probable class of each pixel; of equally probable ones the first.
 *
 * @param probability - `[height, width, classes]`, 2 to 256 classes. Logits do as well.
 * @throws TypeError or RangeError for other arrays (see {@link thresholdMask} for one class), or where a value is NaN.
 *
 * @example
 * ```ts
 * const probability = createProbabilityMap(new Float32Array([0.9, 0.1, 0.3, 0.7]), [1, 2, 2]);
 * argmaxMask(probability).data; // [0, 1]
 * ```
 */
export function argmaxMask(probability: ProbabilityMap): Mask {
  requireProbabilityMap(probability);
  const [height, width, classes] = probability.shape as [number, number, number?];
  if (classes === undefined || classes < 2 || classes > 256) {
    throw new RangeError(
      `probability must have shape [height, width, classes] with 2 to 256 classes, got ${show(probability.shape)}; ` +
        'see thresholdMask for one.',
    );
  }
  const { data } = contiguous(probability);
  const mask = new Uint8Array(height * width);
  for (let i = 0, from = 0; i < mask.length; i++, from += classes) {
    let best = 0;
    for (let c = 0; c < classes; c++) {
      const value = data[from + c]!;
      if (Number.isNaN(value)) {
        throw new RangeError(
          `probability must hold numbers, got NaN at [${Math.floor(i / width)}, ${i % width}, ${c}].`,
        );
      }
      if (value > data[from + best]!) best = c;
    }
    mask[i] = best;
  }
  return createMask(mask, [height, width]);
}
