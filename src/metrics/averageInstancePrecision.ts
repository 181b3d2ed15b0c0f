import { requireKnownOptions, requireNumber, show } from '../core/check.js';
import type { Labels } from '../core/types.js';
import { matchOverlaps } from './matchInstances.js';
import { overlapsOf } from './overlaps.js';

/** Options of {@link averageInstancePrecision}. */
export interface AverageInstancePrecisionOptions {
  /** Thresholds of intersection over union. @defaultValue 0.5, 0.55, to 0.95 */
  readonly thresholds?: readonly number[];
}

/**
 * Returns the mean over thresholds of tp / (tp + fp + fn) of matched objects, in 0..1: the average precision of the Data
 * Science Bowl 2018, of StarDist and Cellpose. `NaN` where there is no object in either.
 *
 * @throws RangeError or TypeError as {@link matchInstances}.
 *
 * @example
 * ```ts
 * const target = createLabels([1, 1, 1, 1, 0], [1, 5]);
 * const predicted = createLabels([1, 1, 1, 0, 0], [1, 5]);
 * averageInstancePrecision(target, predicted); // 0.6
 * ```
 */
export function averageInstancePrecision(
  target: Labels,
  predicted: Labels,
  options: AverageInstancePrecisionOptions = {},
): number {
  requireKnownOptions('averageInstancePrecision', options, ['thresholds']);
  const { thresholds = Array.from({ length: 10 }, (_, i) => (50 + 5 * i) / 100) } = options;
  if (!Array.isArray(thresholds) || thresholds.length === 0) {
    throw new RangeError(`thresholds must be at least one number, got ${show(thresholds)}.`);
  }
  thresholds.forEach((threshold, i) => {
    requireNumber(`thresholds[${i}]`, threshold, { above: 0, max: 1 });
  });
  const overlaps = overlapsOf(target, predicted);
  let sum = 0;
  for (const threshold of thresholds) {
    const { matches, missed, extra } = matchOverlaps(overlaps, threshold);
    sum += matches.length / (matches.length + missed.length + extra.length);
  }
  return sum / thresholds.length;
}
