import { type ClassIds, type Flat, flat, placeOf, requireAlike, type Scores } from './classIds.js';

/** The scores of the two classes, each sorted, falling. */
export interface SortedScores {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/** Checks targets of 0 and 1 with their scores, and calls `each` for all that count. */
export function forEachScore(
  target: ClassIds,
  scores: Scores,
  ignoreIndex: number | undefined,
  each: (score: number, positive: boolean) => void,
): void {
  const { truth, values } = checked(target, scores, ignoreIndex);
  for (let i = 0; i < truth.data.length; i++) {
    const t = truth.data[i]!;
    if (t === ignoreIndex) continue;
    const score = values.data[i]!;
    if (t !== 0 && t !== 1) throw new RangeError(`target must hold 0 and 1, got ${t} at ${placeOf(i, truth.shape)}.`);
    if (Number.isNaN(score)) {
      throw new RangeError(`scores must be numbers, got NaN at ${placeOf(i, values.shape)}.`);
    }
    each(score, t === 1);
  }
}

function checked(
  target: ClassIds,
  scores: Scores,
  ignoreIndex: number | undefined,
): { readonly truth: Flat; readonly values: Flat } {
  if (ignoreIndex === 0 || ignoreIndex === 1) {
    throw new RangeError(`ignoreIndex must lie outside the values 0 and 1, got ${ignoreIndex}.`);
  }
  const truth = flat('target', target);
  const values = flat('scores', scores, 'scores');
  requireAlike('scores', values, 'target', truth);
  return { truth, values };
}

/** The scores of positives and negatives, each in falling order. */
export function sortedScores(target: ClassIds, scores: Scores, ignoreIndex: number | undefined): SortedScores {
  const length = flat('scores', scores, 'scores').data.length;
  const positives = new Float64Array(length);
  const negatives = new Float64Array(length);
  let [hits, others] = [0, 0];
  // Negated, so that the ascending sort of typed arrays gives falling scores.
  forEachScore(target, scores, ignoreIndex, (score, positive) => {
    if (positive) positives[hits++] = -score;
    else negatives[others++] = -score;
  });
  const sorted = (values: Float64Array, count: number): Float64Array => {
    const part = values.subarray(0, count).sort();
    for (let i = 0; i < count; i++) part[i] = -part[i]!;
    return part;
  };
  return { positives: sorted(positives, hits), negatives: sorted(negatives, others) };
}

/** Counts at every distinct score, falling: how many positives and negatives reach it. */
export interface CumulatedScores {
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/** Walks down both sorted lists at once. */
export function cumulateScores(target: ClassIds, scores: Scores, ignoreIndex: number | undefined): CumulatedScores {
  const { positives, negatives } = sortedScores(target, scores, ignoreIndex);
  const total = positives.length + negatives.length;
  const thresholds = new Float64Array(total);
  const truePositives = new Float64Array(total);
  const falsePositives = new Float64Array(total);
  let [hit, miss, count] = [0, 0, 0];
  while (hit < positives.length || miss < negatives.length) {
    const next = Math.max(positives[hit] ?? Number.NEGATIVE_INFINITY, negatives[miss] ?? Number.NEGATIVE_INFINITY);
    while (hit < positives.length && positives[hit] === next) hit++;
    while (miss < negatives.length && negatives[miss] === next) miss++;
    thresholds[count] = next;
    truePositives[count] = hit;
    falsePositives[count++] = miss;
  }
  return {
    thresholds: thresholds.slice(0, count),
    truePositives: truePositives.slice(0, count),
    falsePositives: falsePositives.slice(0, count),
    positives: positives.length,
    negatives: negatives.length,
  };
}

/** Options of metrics of scores. */
export interface ScoreOptions {
  /** Pixels with this value in `target` are left out; neither 0 nor 1. */
  readonly ignoreIndex?: number;
}
