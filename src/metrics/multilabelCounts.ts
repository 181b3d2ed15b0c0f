import { requireInteger, requireKnownOptions, requireNumber } from '../core/check.js';
import { type ClassCounts, emptyCounts } from './classCounts.js';
import { type ClassIds, type Flat, flat, placeOf, requireAlike } from './classIds.js';
import { countAbove } from './countAbove.js';

/** Options of {@link multilabelCounts}. */
export interface MultilabelCountsOptions {
  /** Classes of a pixel, on the last axis of both arrays. */
  readonly classes: number;
  /** `predicted` holds scores, and those at least this large are positive; without it 0 and 1. */
  readonly threshold?: number;
  /** Places with this value in `target` are left out; neither 0 nor 1. */
  readonly ignoreIndex?: number;
}

/**
 * Returns the counts of every class where a pixel may have several, or of one class where there are two, binary: what all
 * per-class metrics take in place of a confusion matrix. As SMP's `get_stats` with a `threshold`.
 *
 * @param target - 0 or 1, `[..., classes]`; any shape where `classes` is 1.
 * @param predicted - 0 or 1, or scores, of the same shape.
 * @throws RangeError where shapes differ or do not divide by the classes, or a value is neither 0 nor 1, with its place.
 *
 * @example
 * ```ts
 * const target = new Uint8Array([1, 0, 1, 1]);
 * const scores = new Float32Array([0.9, 0.2, 0.4, 0.8]);
 * multilabelCounts(target, scores, { classes: 2, threshold: 0.5 }).truePositives; // [1, 1]
 * ```
 */
export function multilabelCounts(target: ClassIds, predicted: ClassIds, options: MultilabelCountsOptions): ClassCounts {
  const truth = flat('target', target);
  const guess = flat('predicted', predicted);
  requireAlike('predicted', guess, 'target', truth);
  requireKnownOptions('multilabelCounts', options, ['classes', 'threshold', 'ignoreIndex']);
  const { classes, threshold, ignoreIndex } = options;
  requireInteger('classes', classes, { min: 1 });
  if (threshold !== undefined) requireNumber('threshold', threshold);
  if (ignoreIndex === 0 || ignoreIndex === 1) {
    throw new RangeError(`ignoreIndex must lie outside the values 0 and 1, got ${ignoreIndex}.`);
  }
  if (truth.data.length % classes !== 0 || (classes > 1 && truth.shape.length > 1 && truth.shape.at(-1) !== classes)) {
    throw new RangeError(
      `target must have ${classes} classes on its last axis, got shape [${truth.shape.join(', ')}].`,
    );
  }
  const cut = threshold ?? 1;
  const counts = emptyCounts(classes);
  if (classes === 1 && ignoreIndex === undefined && threshold !== undefined && threshold > 0) {
    const quick =
      (truth.data instanceof Uint8Array || truth.data instanceof Int32Array) && guess.data instanceof Float32Array
        ? countAbove(truth.data, guess.data, threshold)
        : undefined;
    if (quick !== undefined) {
      const { positives, reaching, hits } = quick;
      counts.truePositives[0] = hits;
      counts.falsePositives[0] = reaching - hits;
      counts.falseNegatives[0] = positives - hits;
      counts.trueNegatives[0] = truth.data.length - positives - reaching + hits;
      return counts;
    }
  }
  for (let c = 0; c < classes; c++) {
    let [truePositives, falsePositives, falseNegatives, trueNegatives] = [0, 0, 0, 0];
    for (let i = c; i < truth.data.length; i += classes) {
      const t = truth.data[i]!;
      if (t === ignoreIndex) continue;
      const p = guess.data[i]!;
      if (threshold === undefined ? p !== 0 && p !== 1 : Number.isNaN(p)) throw neitherOf(truth, guess, i);
      if (t === 1) {
        if (p >= cut) truePositives++;
        else falseNegatives++;
      } else if (t !== 0) throw neitherOf(truth, guess, i);
      else if (p >= cut) falsePositives++;
      else trueNegatives++;
    }
    counts.truePositives[c] = truePositives;
    counts.falsePositives[c] = falsePositives;
    counts.falseNegatives[c] = falseNegatives;
    counts.trueNegatives[c] = trueNegatives;
  }
  return counts;
}

function neitherOf(truth: Flat, guess: Flat, i: number): RangeError {
  const t = truth.data[i]!;
  const [name, value] = t !== 0 && t !== 1 ? ['target', t] : ['predicted', guess.data[i]];
  return new RangeError(`${name} must hold 0 and 1, got ${value} at ${placeOf(i, truth.shape)}.`);
}
