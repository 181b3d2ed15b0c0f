import { requireInteger, show } from '../core/check.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { requireConfusionMatrix } from './requireConfusionMatrix.js';

/** How often each class was found rightly and wrongly, one number a class; adds up over images and workers. */
export interface ClassCounts {
  /** Number of classes. */
  readonly classes: number;
  /** Pixels of the class that were predicted as such. */
  readonly truePositives: Float64Array;
  /** Pixels predicted as the class that are not. */
  readonly falsePositives: Float64Array;
  /** Pixels of the class that were predicted as another. */
  readonly falseNegatives: Float64Array;
  /** All other pixels. */
  readonly trueNegatives: Float64Array;
}

const PARTS = ['truePositives', 'falsePositives', 'falseNegatives', 'trueNegatives'] as const;

/** Throws unless `counts` are those of classes. */
function requireClassCounts(counts: ClassCounts): void {
  requireInteger('classes', counts.classes, { min: 1 });
  for (const part of PARTS) {
    if (!(counts[part] instanceof Float64Array) || counts[part].length !== counts.classes) {
      throw new RangeError(`${part} must be a Float64Array of ${counts.classes} elements, got ${show(counts[part])}.`);
    }
  }
}

/**
 * Returns the four counts of every class, each against the rest: what all per-class metrics are formulas of. Counts that
 * were made otherwise, by {@link multilabelCounts}, are handed on as they are.
 *
 * @throws TypeError or RangeError for anything but a confusion matrix or counts.
 *
 * @example
 * ```ts
 * const counts = classCounts({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) });
 * counts.truePositives; // [6, 2]
 * counts.trueNegatives; // [2, 6]
 * ```
 */
export function classCounts(matrix: ConfusionMatrix | ClassCounts): ClassCounts {
  if (matrix !== null && typeof matrix === 'object' && 'truePositives' in matrix) {
    requireClassCounts(matrix);
    return matrix;
  }
  requireConfusionMatrix(matrix);
  const { classes, counts } = matrix;
  const result = emptyCounts(classes);
  let all = 0;
  for (let i = 0; i < counts.length; i++) all += counts[i]!;
  for (let c = 0; c < classes; c++) {
    const truePositives = counts[c * classes + c]!;
    let predicted = 0;
    let actual = 0;
    for (let other = 0; other < classes; other++) {
      predicted += counts[other * classes + c]!;
      actual += counts[c * classes + other]!;
    }
    result.truePositives[c] = truePositives;
    result.falsePositives[c] = predicted - truePositives;
    result.falseNegatives[c] = actual - truePositives;
    result.trueNegatives[c] = all - predicted - actual + truePositives;
  }
  return result;
}

/** Counts of no pixel. */
export function emptyCounts(classes: number): ClassCounts {
  return {
    classes,
    truePositives: new Float64Array(classes),
    falsePositives: new Float64Array(classes),
    falseNegatives: new Float64Array(classes),
    trueNegatives: new Float64Array(classes),
  };
}

/**
 * Returns the sum of counts: those of all their pixels together.
 *
 * @throws RangeError where the numbers of classes differ, or none is given.
 *
 * @example
 * ```ts
 * const one = classCounts({ classes: 1, counts: new Float64Array([6]) });
 * addClassCounts(one, one).truePositives; // [12]
 * ```
 */
export function addClassCounts(...list: readonly ClassCounts[]): ClassCounts {
  if (list.length === 0) throw new RangeError('addClassCounts must be given at least one set of counts, got none.');
  const { classes } = list[0]!;
  const result = emptyCounts(classes);
  for (const counts of list) {
    requireClassCounts(counts);
    if (counts.classes !== classes) {
      throw new RangeError(`counts must have the same number of classes, got ${classes} and ${counts.classes}.`);
    }
    for (const part of PARTS)
      counts[part].forEach((count, c) => {
        result[part][c]! += count;
      });
  }
  return result;
}

/** The counts of all classes together, as those of one: what "micro" averages are taken of. */
export function pooledCounts(counts: ClassCounts): ClassCounts {
  const result = emptyCounts(1);
  for (const part of PARTS)
    counts[part].forEach((count) => {
      result[part][0]! += count;
    });
  return result;
}
