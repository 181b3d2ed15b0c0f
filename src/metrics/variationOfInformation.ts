import { requireKnownOptions, show } from '../core/check.js';
import type { Labels } from '../core/types.js';
import { overlapsOf } from './overlaps.js';

/** Conditional entropies of two label images, in bits. */
export interface VariationOfInformation {
  /** Of the target given the prediction: grows where objects were merged. */
  readonly merges: number;
  /** Of the prediction given the target: grows where objects were split. */
  readonly splits: number;
}

/** Options of {@link variationOfInformation}. */
export interface VariationOfInformationOptions {
  /** Leave out pixels that are background in the target and those that are so in the prediction. @defaultValue false */
  readonly ignoreBackground?: boolean;
}

/**
 * Returns the variation of information (Meilă 2007) in its two parts, in bits, 0 or more: both 0 for equal partitions. The
 * background is a region like any other. Equal to scikit-image's `variation_of_information`, whose order is splits of the
 * one given second, then merges.
 *
 * @throws RangeError or TypeError for labels of different size, or negative ids.
 *
 * @example
 * ```ts
 * const target = createLabels([1, 1, 1, 1], [1, 4]);
 * const predicted = createLabels([1, 1, 2, 2], [1, 4]);
 * variationOfInformation(target, predicted); // { merges: 0, splits: 1 }
 * ```
 */
export function variationOfInformation(
  target: Labels,
  predicted: Labels,
  options: VariationOfInformationOptions = {},
): VariationOfInformation {
  requireKnownOptions('variationOfInformation', options, ['ignoreBackground']);
  const { ignoreBackground = false } = options;
  if (typeof ignoreBackground !== 'boolean') {
    throw new TypeError(`ignoreBackground must be true or false, got ${show(ignoreBackground)}.`);
  }
  const { targetAreas, predictedAreas, pairs, pixels } = overlapsOf(target, predicted);
  const onlyTarget = targetAreas.slice();
  const onlyPredicted = predictedAreas.slice();
  const cells: { readonly row: number; readonly column: number; readonly count: number }[] = [];
  for (const { target: row, predicted: column, pixels: count } of pairs) {
    cells.push({ row, column, count });
    onlyTarget[row]! -= count;
    onlyPredicted[column]! -= count;
  }
  const rows = targetAreas.length;
  const columns = predictedAreas.length;
  if (!ignoreBackground) {
    onlyTarget.forEach((count, row) => {
      cells.push({ row, column: columns, count });
    });
    onlyPredicted.forEach((count, column) => {
      cells.push({ row: rows, column, count });
    });
    const rest = cells.reduce((sum, { count }) => sum - count, pixels);
    cells.push({ row: rows, column: columns, count: rest });
  }
  const byRow = new Float64Array(rows + 1);
  const byColumn = new Float64Array(columns + 1);
  let all = 0;
  for (const { row, column, count } of cells) {
    byRow[row]! += count;
    byColumn[column]! += count;
    all += count;
  }
  let [merges, splits] = [0, 0];
  for (const { row, column, count } of cells) {
    if (count === 0) continue;
    merges -= (count / all) * Math.log2(count / byColumn[column]!);
    splits -= (count / all) * Math.log2(count / byRow[row]!);
  }
  return { merges: Math.max(0, merges), splits: Math.max(0, splits) };
}
