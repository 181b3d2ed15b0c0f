import { requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import { addClassCounts, type ClassCounts, classCounts, pooledCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { type AbsentPolicy, meanOf } from './counts.js';

/** A metric that gives one value a class. */
export type ClassMetric = (counts: ClassCounts) => Float64Array;

/** Options of {@link averageMetric}. */
export interface AverageMetricOptions {
  /**
   * - `'micro'`: of the counts of all classes and images together;
   * - `'macro'`: the mean over classes, counted over all images;
   * - `'weighted'`: that mean with a weight a class;
   * - `'micro-imagewise'`: of the counts of all classes of an image, the mean over images;
   * - `'macro-imagewise'`, `'weighted-imagewise'`: the mean over the classes of an image, then over images.
   *
   * @defaultValue 'macro'
   */
  readonly reduction?: 'micro' | 'macro' | 'weighted' | 'micro-imagewise' | 'macro-imagewise' | 'weighted-imagewise';
  /** What a value of 0 / 0 counts. An image all of whose values are left out is left out itself. @defaultValue 'skip' */
  readonly absent?: AbsentPolicy;
  /** Weights of the classes for the weighted means. @defaultValue their pixels in the targets, as scikit-learn has it */
  readonly weights?: readonly number[];
  /** Divide `'weighted-imagewise'` by the number of classes once more, as SMP 0.3.3 does by mistake. @defaultValue false */
  readonly smp?: boolean;
}

/**
 * Returns one number for several classes and images: any per-class metric, reduced as SMP names it.
 *
 * @param metric - `iou`, `dice`, `precision` or any other function from counts to one value a class.
 * @param images - the confusion matrix, or counts, of every image.
 * @throws RangeError or TypeError for bad options, no image, or numbers of classes that differ.
 *
 * @example
 * ```ts
 * const one = { classes: 2, counts: new Float64Array([6, 1, 1, 2]) };
 * const other = { classes: 2, counts: new Float64Array([9, 0, 1, 0]) };
 * averageMetric(iou, [one, other], { reduction: 'macro-imagewise' }); // 0.5375
 * averageMetric(iou, [one, other], { reduction: 'micro' }); // 0.73913
 * ```
 */
export function averageMetric(
  metric: ClassMetric,
  images: readonly (ConfusionMatrix | ClassCounts)[],
  options: AverageMetricOptions = {},
): number {
  if (typeof metric !== 'function') throw new TypeError(`metric must be a function, got ${show(metric)}.`);
  if (!Array.isArray(images) || images.length === 0) {
    throw new RangeError(`images must be an array of at least one matrix, got ${show(images)}.`);
  }
  requireKnownOptions('averageMetric', options, ['reduction', 'absent', 'weights', 'smp']);
  const { reduction = 'macro', absent = 'skip', weights, smp = false } = options;
  requireOneOf('reduction', reduction, [
    'micro',
    'macro',
    'weighted',
    'micro-imagewise',
    'macro-imagewise',
    'weighted-imagewise',
  ]);
  const counts = images.map(classCounts);
  const all = addClassCounts(...counts);
  const weighted = reduction.startsWith('weighted');
  if (weights !== undefined) requireClassWeights(weights, all.classes, weighted);
  if (smp && reduction !== 'weighted-imagewise')
    throw new RangeError(`smp must be used with reduction 'weighted-imagewise'.`);
  const byClass = weighted ? (weights ?? all.truePositives.map((hits, c) => hits + all.falseNegatives[c]!)) : undefined;
  switch (reduction) {
    case 'micro':
      return meanOf(metric(pooledCounts(all)), absent);
    case 'macro':
    case 'weighted':
      return meanOf(metric(all), absent, byClass);
    default: {
      const scores = counts.map((one) =>
        meanOf(metric(reduction === 'micro-imagewise' ? pooledCounts(one) : one), absent, byClass),
      );
      return meanOf(scores, 'skip') / (smp ? all.classes : 1);
    }
  }
}

function requireClassWeights(weights: readonly number[], classes: number, weighted: boolean): void {
  if (!weighted) throw new RangeError(`weights must be used with a reduction 'weighted' or 'weighted-imagewise'.`);
  if (!Array.isArray(weights) || weights.length !== classes) {
    throw new RangeError(`weights must have one number a class, ${classes}, got ${show(weights)}.`);
  }
  weights.forEach((weight, c) => {
    requireNumber(`weights[${c}]`, weight, { min: 0 });
  });
  if (!weights.some((weight) => weight > 0)) throw new RangeError('weights must hold one above 0, got none.');
}
