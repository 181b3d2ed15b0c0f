import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Labels } from '../core/types.js';
import { type InstanceOptions, matchInstances } from './matchInstances.js';

/** How many objects were found; adds up over images and workers. */
export interface InstanceCounts {
  /** Intersection over union from which two objects match. */
  readonly threshold: number;
  /** Matched pairs. */
  readonly truePositives: number;
  /** Predicted objects that match nothing. */
  readonly falsePositives: number;
  /** True objects that were not found. */
  readonly falseNegatives: number;
  /** Sum of the intersections over union of the pairs. */
  readonly iouSum: number;
}

/**
 * Returns how many objects were found, missed and made up; {@link instanceScores} reads scores from it.
 *
 * @throws RangeError or TypeError as {@link matchInstances}.
 *
 * @example
 * ```ts
 * const target = createLabels([1, 1, 0, 2], [1, 4]);
 * const predicted = createLabels([7, 7, 0, 0], [1, 4]);
 * instanceCounts(target, predicted).falseNegatives; // 1
 * ```
 */
export function instanceCounts(target: Labels, predicted: Labels, options: InstanceOptions = {}): InstanceCounts {
  const { threshold, matches, missed, extra } = matchInstances(target, predicted, options);
  return {
    threshold,
    truePositives: matches.length,
    falsePositives: extra.length,
    falseNegatives: missed.length,
    iouSum: matches.reduce((sum, { iou }) => sum + iou, 0),
  };
}

/**
 * Returns the sum of counts at one threshold: those of all their images together.
 *
 * @throws RangeError where thresholds differ, or none is given.
 *
 * @example
 * ```ts
 * const labels = createLabels([1, 0, 2], [1, 3]);
 * const one = instanceCounts(labels, labels);
 * addInstanceCounts(one, one).truePositives; // 4
 * ```
 */
export function addInstanceCounts(...list: readonly InstanceCounts[]): InstanceCounts {
  if (list.length === 0) throw new RangeError('addInstanceCounts must be given at least one set of counts, got none.');
  const { threshold } = list[0]!;
  let [truePositives, falsePositives, falseNegatives, iouSum] = [0, 0, 0, 0];
  for (const counts of list) {
    requireKnownOptions('instance counts', counts, [
      'threshold',
      'truePositives',
      'falsePositives',
      'falseNegatives',
      'iouSum',
    ]);
    requireNumber('truePositives', counts.truePositives, { min: 0 });
    if (counts.threshold !== threshold) {
      throw new RangeError(`counts must have the same threshold, got ${threshold} and ${counts.threshold}.`);
    }
    truePositives += counts.truePositives;
    falsePositives += counts.falsePositives;
    falseNegatives += counts.falseNegatives;
    iouSum += counts.iouSum;
  }
  return { threshold, truePositives, falsePositives, falseNegatives, iouSum };
}
