import { requireKnownOptions, requireOneOf } from '../core/check.js';
import { type ClassCounts, classCounts } from './classCounts.js';
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

/** Hits, false alarms, misses and right rejections of one class. */
export interface CountsOfOne {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** One value a class, computed from its counts. */
export function perClass(
  matrix: ConfusionMatrix | ClassCounts,
  formula: (counts: CountsOfOne) => number,
): Float64Array {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = classCounts(matrix);
  return truePositives.map((hits, c) =>
    formula({
      truePositives: hits,
      falsePositives: falsePositives[c]!,
      falseNegatives: falseNegatives[c]!,
      trueNegatives: trueNegatives[c]!,
    }),
  );
}

/** What stands for a value that is 0 / 0, `undefined` where it is left out. */
export function valueOfAbsent(absent: AbsentPolicy): number | undefined {
  requireOneOf('absent', absent, ['skip', 'zero', 'one']);
  return absent === 'skip' ? undefined : absent === 'one' ? 1 : 0;
}

/** The mean of values, weighted if asked; `NaN` stands for absent. `NaN` where none is left. */
export function meanOf(values: ArrayLike<number>, absent: AbsentPolicy, weights?: ArrayLike<number>): number {
  const instead = valueOfAbsent(absent);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = Number.isNaN(values[i]!) ? instead : values[i]!;
    if (value === undefined) continue;
    const weight = weights === undefined ? 1 : weights[i]!;
    if (weight === 0) continue;
    sum += weight * value;
    total += weight;
  }
  return sum / total;
}

/** The mean of one value a class; `NaN` stands for absent. `NaN` where no class is left. */
export function meanOfClasses(name: string, values: Float64Array, options: MeanOptions): number {
  requireKnownOptions(name, options, ['absent']);
  return meanOf(values, options.absent ?? 'skip');
}
