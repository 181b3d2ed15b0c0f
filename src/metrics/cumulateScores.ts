import { type ScoreOptions, scoredPixels } from './binaryScores.js';
import type { ClassIds, Scores } from './classIds.js';
import { type ClassTotals, walkScores } from './walkScores.js';

/** Counts at every distinct score, falling: how many positives and negatives reach it. */
export interface CumulatedScores extends ClassTotals {
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

/** Lists what `walkScores` finds. */
export function cumulateScores(target: ClassIds, scores: Scores, { ignoreIndex }: ScoreOptions): CumulatedScores {
  const pixels = scoredPixels(target, scores, ignoreIndex);
  const most = pixels.truth.data.length;
  const thresholds = new Float64Array(most);
  const truePositives = new Float64Array(most);
  const falsePositives = new Float64Array(most);
  let count = 0;
  const totals = walkScores(pixels, (threshold, hits, misses) => {
    thresholds[count] = threshold;
    truePositives[count] = hits;
    falsePositives[count++] = misses;
  });
  // Memory that was never written to costs nothing; a copy of all would.
  const found = (values: Float64Array): Float64Array => (count === most ? values : values.slice(0, count));
  return {
    ...totals,
    thresholds: found(thresholds),
    truePositives: found(truePositives),
    falsePositives: found(falsePositives),
  };
}
