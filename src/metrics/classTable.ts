import { show } from '../core/check.js';
import { type ClassCounts, classCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { dice } from './dice.js';
import { iou } from './iou.js';
import { precision } from './precision.js';
import { recall } from './recall.js';
import { specificity } from './specificity.js';

/** One row of {@link classTable}; values that are 0 / 0 are `NaN`. */
export interface ClassRow {
  /** Name of the class, its index where none is given. */
  readonly name: string;
  /** Pixels of the class in the target. */
  readonly support: number;
  /** Pixels predicted as the class. */
  readonly predicted: number;
  /** Intersection over union. */
  readonly iou: number;
  /** Dice coefficient, F1. */
  readonly dice: number;
  /** Share of the predicted pixels that are right. */
  readonly precision: number;
  /** Share of the target's pixels that were found. */
  readonly recall: number;
  /** Share of the other pixels that were not taken for the class. */
  readonly specificity: number;
}

/**
 * Returns one row a class with what is usually reported of it.
 *
 * @throws RangeError where the names do not fit the classes.
 *
 * @example
 * ```ts
 * const table = classTable({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) }, ['support', 'particle']);
 * table[1].name; // 'particle'
 * table[1].iou; // 0.5
 * ```
 */
export function classTable(matrix: ConfusionMatrix | ClassCounts, names?: readonly string[]): ClassRow[] {
  const counts = classCounts(matrix);
  if (names !== undefined && (!Array.isArray(names) || names.length !== counts.classes)) {
    throw new RangeError(`names must be ${counts.classes} strings, one a class, got ${show(names)}.`);
  }
  const columns = {
    iou: iou(counts),
    dice: dice(counts),
    precision: precision(counts),
    recall: recall(counts),
    specificity: specificity(counts),
  };
  return Array.from({ length: counts.classes }, (_, c) => ({
    name: names?.[c] ?? String(c),
    support: counts.truePositives[c]! + counts.falseNegatives[c]!,
    predicted: counts.truePositives[c]! + counts.falsePositives[c]!,
    iou: columns.iou[c]!,
    dice: columns.dice[c]!,
    precision: columns.precision[c]!,
    recall: columns.recall[c]!,
    specificity: columns.specificity[c]!,
  }));
}
