import { requireInteger, requireKnownOptions, requireOneOf } from '../core/check.js';
import type { Mask, ProbabilityMap } from '../core/types.js';
import { type Connectivity, clearBorder, fillHoles, removeSmallObjects } from '../morphology/index.js';
import { argmaxMask } from './argmaxMask.js';
import { requireProbabilityMap } from './requireProbabilityMap.js';
import { type ThresholdMaskOptions, thresholdMask } from './thresholdMask.js';

/** Options of {@link postprocess}. With `threshold` or `classIndex`, or a map of one class, the result is 0 and 1. */
export interface PostprocessOptions extends ThresholdMaskOptions {
  /** Whether background that does not reach the border takes the class around it. @defaultValue false */
  readonly fillHoles?: boolean;
  /** Objects of fewer pixels become background. @defaultValue 0 */
  readonly minSize?: number;
  /** Whether objects that touch the border of the image become background. @defaultValue false */
  readonly clearBorder?: boolean;
  /** Whether pixels that share only a corner belong together. @defaultValue 8 */
  readonly connectivity?: Connectivity;
}

/**
 * Returns a clean mask of a probability map: the most probable class of each pixel, or one class above a threshold;
 * then, in this order, holes are filled (`fillHoles`), small objects (`removeSmallObjects`) and those at the border
 * (`clearBorder`) removed. An object is connected pixels of one class.
 *
 * @param probability - `[height, width]` or `[height, width, classes]`, as `predict` returns.
 * @throws RangeError or TypeError for other arrays or options out of range.
 *
 * @example
 * ```ts
 * const probability = createProbabilityMap(new Float32Array([0.9, 0.8, 0, 0.9]), [1, 4]);
 * postprocess(probability, { minSize: 2 }).data; // [1, 1, 0, 0]
 * ```
 */
export function postprocess(probability: ProbabilityMap, options: PostprocessOptions = {}): Mask {
  requireProbabilityMap(probability);
  const known = ['threshold', 'classIndex', 'fillHoles', 'minSize', 'clearBorder', 'connectivity'];
  requireKnownOptions('postprocess', options, known);
  const { threshold, classIndex, minSize = 0, connectivity = 8 } = options;
  requireInteger('minSize', minSize, { min: 0 });
  requireOneOf('connectivity', connectivity, [4, 8]);
  const oneClass = threshold !== undefined || classIndex !== undefined || (probability.shape[2] ?? 1) === 1;
  let mask = oneClass
    ? thresholdMask(probability, {
        ...(threshold === undefined ? {} : { threshold }),
        ...(classIndex === undefined ? {} : { classIndex }),
      })
    : argmaxMask(probability);
  // What encloses a hole across corners must not let the background out through them, and the other way round.
  if (options.fillHoles) mask = fillHoles(mask, { connectivity: connectivity === 8 ? 4 : 8 });
  if (minSize > 1) mask = removeSmallObjects(mask, { minSize, connectivity });
  if (options.clearBorder) mask = clearBorder(mask, { connectivity });
  return mask;
}
