import type { PixelData } from '../core/types.js';
import type { RegionTable } from './regionTable.js';

/** Sums of the intensity of every region. */
export interface RegionIntensity {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  /** Sums of (value - mean) ** 2. */
  readonly squares: Float64Array;
  /** Sums of value * row and value * column, about the origin of the region. */
  readonly byRow: Float64Array;
  readonly byColumn: Float64Array;
}

/**
 * Collects intensities in one pass.
 *
 * @throws RangeError where a value within a region is not finite, with its position.
 */
export function regionIntensity(table: RegionTable, values: PixelData): RegionIntensity {
  const { height, width, count, places, pixels, minRow, originColumn } = table;
  const min = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  // Deviations from the first value: squares of large, similar values would cancel.
  const base = new Float64Array(count).fill(Number.NaN);
  const mean = new Float64Array(count);
  const squares = new Float64Array(count);
  const byRow = new Float64Array(count);
  const byColumn = new Float64Array(count);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const i = places[at]! - 1;
      if (i < 0) continue;
      const value = values[at]!;
      if (!Number.isFinite(value)) {
        throw new RangeError(
          `intensity must be finite within regions, got ${value} at [row, column] [${row}, ${column}].`,
        );
      }
      if (value < min[i]!) min[i] = value;
      if (value > max[i]!) max[i] = value;
      if (Number.isNaN(base[i]!)) base[i] = value;
      const deviation = value - base[i]!;
      mean[i]! += deviation;
      squares[i]! += deviation * deviation;
      byRow[i]! += value * (row - minRow[i]!);
      byColumn[i]! += value * (column - originColumn[i]!);
    }
  }
  for (let i = 0; i < count; i++) {
    const sum = mean[i]!;
    squares[i] = Math.max(0, squares[i]! - (sum * sum) / pixels[i]!);
    mean[i] = base[i]! + sum / pixels[i]!;
  }
  return { min, max, mean, squares, byRow, byColumn };
}
