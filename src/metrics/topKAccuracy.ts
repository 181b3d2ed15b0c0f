import { requireInteger, requireKnownOptions } from '../core/check.js';
import type { ClassIds, Scores } from './classIds.js';
import { type ClassScoreOptions, forEachClassScore } from './classScores.js';

/** Options of {@link topKAccuracy}. */
export interface TopKAccuracyOptions extends ClassScoreOptions {
  /** How many of the best scores may hold the truth. @defaultValue 2 */
  readonly k?: number;
}

/**
 * Returns the share of pixels whose class is among the `k` with the largest scores, in 0..1; of equal scores the later
 * class comes first, as in scikit-learn's `top_k_accuracy_score`. `NaN` where there is no pixel.
 *
 * @throws RangeError where sizes do not fit, or an id is out of range, with its place.
 *
 * @example
 * ```ts
 * topKAccuracy(new Uint8Array([0, 2]), new Float32Array([0.3, 0.5, 0.2, 0.3, 0.5, 0.2]), { classes: 3, k: 2 }); // 0.5
 * ```
 */
export function topKAccuracy(target: ClassIds, scores: Scores, options: TopKAccuracyOptions): number {
  requireKnownOptions('topKAccuracy', options, ['classes', 'k', 'ignoreIndex']);
  const { k = 2, ...shared } = options;
  requireInteger('k', k, { min: 1 });
  let [right, count] = [0, 0];
  forEachClassScore(target, scores, shared, (values, from, id) => {
    const own = values[from + id]!;
    let above = 0;
    for (let c = 0; c < shared.classes; c++) {
      if (values[from + c]! > own || (values[from + c] === own && c > id)) above++;
    }
    if (above < k) right++;
    count++;
  });
  return right / count;
}
