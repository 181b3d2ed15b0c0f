import { requireInteger, requireKnownOptions, requireOneOf, show } from '../core/check.js';
import type { ConfusionMatrix } from './confusionMatrix.js';

/**
 * What a class counts in a mean where its metric is 0 / 0: it is left out (`'skip'`, the default everywhere), or counts
 * as 0 or 1. SMP counts 1, MONAI leaves it out, scikit-learn counts 0.
 */
export type AbsentPolicy = 'skip' | 'zero' | 'one';

/** Options of the metrics that average over classes. */
export interface MeanOptions {
  /** What a class counts whose metric is 0 / 0. @defaultValue 'skip' */
  readonly absent?: AbsentPolicy;
}

/** Throws unless `matrix` is a confusion matrix. */
export function requireConfusionMatrix(matrix: ConfusionMatrix): void {
  if (matrix === null || typeof matrix !== 'object' || !('counts' in matrix)) {
    throw new TypeError(`matrix must be a confusion matrix, see confusionMatrix, got ${show(matrix)}.`);
  }
  const { classes, counts } = matrix;
  requireInteger('classes', classes, { min: 1 });
  if (!(counts instanceof Float64Array) || counts.length !== classes * classes) {
    throw new RangeError(`counts must be a Float64Array of ${classes * classes} elements, got ${show(counts)}.`);
  }
}

/** Hits, false alarms and misses of one class. */
interface ClassCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** One value a class, computed from its counts. */
export function perClass(matrix: ConfusionMatrix, formula: (counts: ClassCounts) => number): Float64Array {
  requireConfusionMatrix(matrix);
  const { classes, counts } = matrix;
  const values = new Float64Array(classes);
  for (let c = 0; c < classes; c++) {
    const truePositives = counts[c * classes + c]!;
    let falsePositives = -truePositives;
    let falseNegatives = -truePositives;
    for (let other = 0; other < classes; other++) {
      falsePositives += counts[other * classes + c]!;
      falseNegatives += counts[c * classes + other]!;
    }
    values[c] = formula({ truePositives, falsePositives, falseNegatives });
  }
  return values;
}

/** The mean of one value a class; `NaN` stands for absent. `NaN` where no class is left. */
export function meanOfClasses(name: string, values: Float64Array, options: MeanOptions): number {
  requireKnownOptions(name, options, ['absent']);
  const { absent = 'skip' } = options;
  requireOneOf('absent', absent, ['skip', 'zero', 'one']);
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isNaN(value)) sum += value;
    else if (absent === 'skip') continue;
    else if (absent === 'one') sum += 1;
    count++;
  }
  return sum / count;
}
