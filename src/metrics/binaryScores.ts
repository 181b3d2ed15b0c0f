import { type ClassIds, type Flat, flat, placeOf, requireAlike, type Scores } from './classIds.js';

/** Options of metrics of scores. */
export interface ScoreOptions {
  /** Pixels with this value in `target` are left out; neither 0 nor 1. */
  readonly ignoreIndex?: number;
}

/** Targets with as many scores. */
export interface ScoredPixels {
  readonly truth: Flat;
  readonly scores: Flat;
  readonly ignoreIndex: number | undefined;
}

/** Checks sizes and types of targets and their scores; values are checked by who reads them, see `refusePixel`. */
export function scoredPixels(target: ClassIds, scores: Scores, ignoreIndex: number | undefined): ScoredPixels {
  if (ignoreIndex === 0 || ignoreIndex === 1) {
    throw new RangeError(`ignoreIndex must lie outside the values 0 and 1, got ${ignoreIndex}.`);
  }
  const truth = flat('target', target);
  const values = flat('scores', scores, 'scores');
  requireAlike('scores', values, 'target', truth);
  return { truth, scores: values, ignoreIndex };
}

/** Says what is wrong with a pixel whose target is neither 0 nor 1, or whose score is no number. */
export function refusePixel({ truth, scores }: ScoredPixels, i: number): RangeError {
  const t = truth.data[i]!;
  if (t !== 0 && t !== 1) return new RangeError(`target must hold 0 and 1, got ${t} at ${placeOf(i, truth.shape)}.`);
  return new RangeError(`scores must be numbers, got ${scores.data[i]} at ${placeOf(i, scores.shape)}.`);
}

/** Checks targets of 0 and 1 with their probabilities, and calls `each` for all that count. */
export function forEachProbability(
  target: ClassIds,
  values: Scores,
  { ignoreIndex }: ScoreOptions,
  each: (probability: number, positive: boolean) => void,
): void {
  const pixels = scoredPixels(target, values, ignoreIndex);
  const { truth, scores } = pixels;
  for (let i = 0; i < truth.data.length; i++) {
    const t = truth.data[i]!;
    if (t === ignoreIndex) continue;
    const score = scores.data[i]!;
    if ((t !== 0 && t !== 1) || Number.isNaN(score)) throw refusePixel(pixels, i);
    if (score < 0 || score > 1) {
      throw new RangeError(`scores must be probabilities in 0..1, got ${score} at ${placeOf(i, scores.shape)}.`);
    }
    each(score, t === 1);
  }
}
