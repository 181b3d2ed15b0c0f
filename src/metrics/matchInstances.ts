import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Labels } from '../core/types.js';
import { assign } from './assign.js';
import { type Overlaps, overlapsOf } from './overlaps.js';

/** Two objects that were matched. */
export interface InstanceMatch {
  /** Id in the target. */
  readonly target: number;
  /** Id in the prediction. */
  readonly predicted: number;
  /** Intersection over union of both. */
  readonly iou: number;
  /** Pixels of the target's object. */
  readonly targetArea: number;
  /** Pixels of the predicted object. */
  readonly predictedArea: number;
}

/** Which objects of two label images belong together; see {@link matchInstances}. */
export interface InstanceMatches {
  /** Intersection over union from which two objects match. */
  readonly threshold: number;
  /** Matched pairs, by the target's id. */
  readonly matches: readonly InstanceMatch[];
  /** Ids of the target that were not found. */
  readonly missed: Int32Array;
  /** Predicted ids that match nothing. */
  readonly extra: Int32Array;
}

/** Options of {@link matchInstances} and what is read from it. */
export interface InstanceOptions {
  /** Intersection over union from which two objects match, above 0, at most 1. @defaultValue 0.5 */
  readonly threshold?: number;
}

/**
 * Returns which objects of two label images are the same: as many pairs with an intersection over union of at least
 * `threshold` as possible, and among such matchings the one with the largest sum, each object in one pair at most. Equal
 * to StarDist's `matching`.
 *
 * @param target - true objects, `[height, width]`, 0 = background.
 * @param predicted - predicted objects, of the same size.
 * @throws RangeError or TypeError for labels of different size, negative ids or a bad threshold.
 *
 * @example
 * ```ts
 * const target = createLabels([1, 1, 0, 2], [1, 4]);
 * const predicted = createLabels([7, 7, 0, 0], [1, 4]);
 * const { matches, missed } = matchInstances(target, predicted);
 * matches[0].predicted; // 7
 * missed; // [2]
 * ```
 */
export function matchInstances(target: Labels, predicted: Labels, options: InstanceOptions = {}): InstanceMatches {
  requireKnownOptions('matchInstances', options, ['threshold']);
  const { threshold = 0.5 } = options;
  requireNumber('threshold', threshold, { above: 0, max: 1 });
  return matchOverlaps(overlapsOf(target, predicted), threshold);
}

/** The matching of a table of overlaps. */
export function matchOverlaps(overlaps: Overlaps, threshold: number): InstanceMatches {
  const { targetIds, predictedIds, targetAreas, predictedAreas, pairs } = overlaps;
  const most = Math.min(targetIds.length, predictedIds.length);
  const edges = pairs
    .filter(({ iou }) => iou >= threshold)
    // A match counts more than all intersections over union together.
    .map(({ target, predicted, iou }) => ({ row: target, column: predicted, weight: 1 + iou / (2 * most) }));
  const columnOf = assign(targetIds.length, predictedIds.length, edges);
  const taken = new Uint8Array(predictedIds.length);
  const matches = pairs
    .filter(({ target, predicted }) => columnOf[target] === predicted)
    .map(({ target, predicted, iou }) => {
      taken[predicted] = 1;
      return {
        target: targetIds[target]!,
        predicted: predictedIds[predicted]!,
        iou,
        targetArea: targetAreas[target]!,
        predictedArea: predictedAreas[predicted]!,
      };
    });
  return {
    threshold,
    matches,
    missed: targetIds.filter((_, i) => columnOf[i] === -1),
    extra: predictedIds.filter((_, i) => taken[i] === 0),
  };
}
