import { requireKnownOptions, requireNumber, show } from '../core/check.js';
import { refusePixel, type ScoredPixels, type ScoreOptions, scoredPixels } from './binaryScores.js';
import type { ClassIds, Scores } from './classIds.js';

/** Counts where `score >= threshold` is positive, one a threshold; adds up over images and workers. */
export interface ThresholdSweep {
  /** The thresholds, rising. */
  readonly thresholds: Float64Array;
  /** Positives that reach the threshold. */
  readonly truePositives: Float64Array;
  /** Negatives that reach it. */
  readonly falsePositives: Float64Array;
  /** Positives below it. */
  readonly falseNegatives: Float64Array;
  /** Negatives below it. */
  readonly trueNegatives: Float64Array;
}

/** Options of {@link thresholdSweep}. */
export interface ThresholdSweepOptions extends ScoreOptions {
  /** Thresholds, rising. @defaultValue 0.01, 0.02, to 0.99 */
  readonly thresholds?: readonly number[] | Float64Array;
}

/**
 * Returns the counts of true and false positives and negatives at a row of thresholds, from one pass over the scores. Its
 * parts are those of {@link ClassCounts}, a threshold taking the place of a class, so that `iou`, `f1`, `precision` and
 * `recall` of {@link sweepCounts} are the curves of these metrics.
 *
 * @throws RangeError as {@link precisionRecallCurve}, or where thresholds do not rise.
 *
 * @example
 * ```ts
 * const sweep = thresholdSweep(new Uint8Array([0, 1, 1]), new Float32Array([0.2, 0.3, 0.9]), { thresholds: [0.25, 0.5] });
 * sweep.truePositives; // [2, 1]
 * f1(sweepCounts(sweep)); // [1, 0.666667]
 * ```
 */
export function thresholdSweep(target: ClassIds, scores: Scores, options: ThresholdSweepOptions = {}): ThresholdSweep {
  requireKnownOptions('thresholdSweep', options, ['thresholds', 'ignoreIndex']);
  const { thresholds = Array.from({ length: 99 }, (_, i) => (i + 1) / 100), ignoreIndex } = options;
  if (!(Array.isArray(thresholds) || thresholds instanceof Float64Array) || thresholds.length === 0) {
    throw new RangeError(`thresholds must be at least one number, got ${show(thresholds)}.`);
  }
  const rising = Float64Array.from(thresholds);
  rising.forEach((threshold, i) => {
    requireNumber(`thresholds[${i}]`, threshold, i === 0 ? {} : { above: rising[i - 1]! });
  });
  const count = rising.length;
  const [negatives, positives] = countReached(scoredPixels(target, scores, ignoreIndex), rising);
  const reached = (parts: Float64Array): Float64Array => {
    const result = new Float64Array(count);
    for (let k = count, sum = 0; k > 0; k--) {
      sum += parts[k]!;
      result[k - 1] = sum;
    }
    return result;
  };
  const all = (parts: Float64Array): number => parts.reduce((a, b) => a + b);
  const [allPositives, allNegatives] = [all(positives), all(negatives)];
  const truePositives = reached(positives);
  const falsePositives = reached(negatives);
  return {
    thresholds: rising,
    truePositives,
    falsePositives,
    falseNegatives: truePositives.map((hits) => allPositives - hits),
    trueNegatives: falsePositives.map((misses) => allNegatives - misses),
  };
}

/**
 * How many scores of negatives, and of positives, reach exactly the first k thresholds. The range of the thresholds is cut
 * into equal cells, which leave few thresholds to compare a score with: those of its own.
 */
function countReached(pixels: ScoredPixels, rising: Float64Array): readonly [Float64Array, Float64Array] {
  const [labels, values] = [pixels.truth.data, pixels.scores.data];
  const ignored = pixels.ignoreIndex ?? Number.NaN;
  const count = rising.length;
  const counts = new Float64Array(2 * count + 2);
  const cells = 32 * count;
  const [first, last] = [rising[0]!, rising[count - 1]!];
  const perUnit = cells / (last - first);
  const scale = Number.isFinite(perUnit) ? perUnit : 0;
  // How many thresholds lie in the cells before.
  const before = new Int32Array(cells + 2);
  for (const threshold of rising) before[(((threshold - first) * scale) | 0) + 1]!++;
  for (let cell = 1; cell < before.length; cell++) before[cell]! += before[cell - 1]!;
  for (let i = 0; i < labels.length; i++) {
    const t = labels[i]!;
    if (t === ignored) continue;
    if (t !== 0 && t !== 1) throw refusePixel(pixels, i);
    const score = values[i]!;
    let low = 0;
    if (score >= last) low = count;
    else if (score >= first) {
      const cell = ((score - first) * scale) | 0;
      low = before[cell]!;
      let high = before[cell + 1]!;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (score >= rising[middle]!) low = middle + 1;
        else high = middle;
      }
    } else if (Number.isNaN(score)) throw refusePixel(pixels, i);
    counts[t * (count + 1) + low]!++;
  }
  return [counts.subarray(0, count + 1), counts.subarray(count + 1)];
}
