import { contiguous, createMask } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, requireNumber } from '../core/check.js';
import type { Mask, ProbabilityMap } from '../core/types.js';
import { requireProbabilityMap } from './requireProbabilityMap.js';

/** Options of {@link thresholdMask}. */
export interface ThresholdMaskOptions {
  /** Pixels above it, not those at it, are foreground. @defaultValue 0.5 */
  readonly threshold?: number;
  /** The class to look at, of a map of several. @defaultValue 1 of two classes, else it must be given */
  readonly classIndex?: number;
}

/**
 * Returns 1 where the probability of a class is above a threshold, else 0.
 *
 * @param probability - `[height, width]`, or `[height, width, classes]`.
 * @throws TypeError or RangeError for other arrays or options, or where a value is NaN.
 *
 * @example
 * ```ts
 * const probability = createProbabilityMap(new Float32Array([0.2, 0.5, 0.8]), [1, 3]);
 * thresholdMask(probability).data; // [0, 0, 1]
 * thresholdMask(probability, { threshold: 0.1 }).data; // [1, 1, 1]
 * ```
 */
export function thresholdMask(probability: ProbabilityMap, options: ThresholdMaskOptions = {}): Mask {
  requireProbabilityMap(probability);
  requireKnownOptions('thresholdMask', options, ['threshold', 'classIndex']);
  const [height, width, classes = 1] = probability.shape as [number, number, number?];
  const { threshold = 0.5, classIndex = [0, 0, 1][classes] } = options;
  requireNumber('threshold', threshold);
  if (classIndex === undefined)
    throw new RangeError(`classIndex must be given for a map of ${classes} classes, got none.`);
  requireInteger('classIndex', classIndex, { min: 0, max: classes - 1 });
  const { data } = contiguous(probability);
  const mask = new Uint8Array(height * width);
  for (let i = 0; i < mask.length; i++) {
    const value = data[i * classes + classIndex]!;
    if (Number.isNaN(value)) {
      throw new RangeError(
        `probability must hold numbers, got NaN at [row, column] [${Math.floor(i / width)}, ${i % width}].`,
      );
    }
    mask[i] = value > threshold ? 1 : 0;
  }
  return createMask(mask, [height, width]);
}
