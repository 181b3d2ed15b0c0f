import type { Labels } from '../core/types.js';
import { overlapsOf } from './overlaps.js';

/** Agreement of two label images in what belongs together; see {@link adaptedRand}. */
export interface AdaptedRand {
  /** 1 - the harmonic mean of both. */
  readonly error: number;
  /** Share of pairs that the prediction joins which belong together. */
  readonly precision: number;
  /** Share of pairs that belong together which the prediction joins. */
  readonly recall: number;
}

/**
 * Returns the adapted Rand error (Arganda-Carreras et al. 2015) over the pixels of the target's objects, in 0..1: 0 for
 * equal partitions. Equal to scikit-image's `adapted_rand_error`, where 0 is ignored in the target. `NaN` where the target
 * has no object.
 *
 * @throws RangeError or TypeError for labels of different size, or negative ids.
 *
 * @example
 * ```ts
 * const target = createLabels([1, 1, 2, 2], [1, 4]);
 * adaptedRand(target, target).error; // 0
 * ```
 */
export function adaptedRand(target: Labels, predicted: Labels): AdaptedRand {
  const { targetAreas, predictedIds, pairs } = overlapsOf(target, predicted);
  const inTarget = targetAreas.slice();
  const inPredicted = new Float64Array(predictedIds.length);
  let squares = 0;
  for (const { target: row, predicted: column, pixels } of pairs) {
    squares += pixels * pixels;
    inTarget[row]! -= pixels;
    inPredicted[column]! += pixels;
  }
  // What of the target's objects is left is predicted as background, a region like any other.
  let background = 0;
  for (const left of inTarget) {
    squares += left * left;
    background += left;
  }
  const all = targetAreas.reduce((sum, area) => sum + area, 0);
  const actual = targetAreas.reduce((sum, area) => sum + area * area, 0);
  const guessed = inPredicted.reduce((sum, area) => sum + area * area, background * background);
  const [both, joined, apart] = [squares - all, guessed - all, actual - all];
  const precision = both / joined;
  const recall = both / apart;
  return { error: 1 - (2 * precision * recall) / (precision + recall), precision, recall };
}
