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
  const { runs, width, count, pixels, minRow, originColumn } = table;
  const min = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  // Deviations from the first value: squares of large, similar values would cancel.
  const base = new Float64Array(count).fill(Number.NaN);
  const mean = new Float64Array(count);
  const squares = new Float64Array(count);
  const byRow = new Float64Array(count);
  const byColumn = new Float64Array(count);
  for (let run = 0; run < runs.count; run++) {
    const i = runs.ids[run]! - 1;
    const row = runs.rows[run]!;
    const start = runs.starts[run]!;
    const end = runs.ends[run]!;
    const origin = row * width + originColumn[i]!;
    if (Number.isNaN(base[i]!)) base[i] = values[start]!;
    let sum = 0;
    for (let at = start; at < end; at++) {
      const value = values[at]!;
      if (!Number.isFinite(value)) {
        const position = `[${row}, ${at - row * width}]`;
        throw new RangeError(`intensity must be finite within regions, got ${value} at [row, column] ${position}.`);
      }
      if (value < min[i]!) min[i] = value;
      if (value > max[i]!) max[i] = value;
      const deviation = value - base[i]!;
      mean[i]! += deviation;
      squares[i]! += deviation * deviation;
      sum += value;
      byColumn[i]! += value * (at - origin);
    }
    byRow[i]! += sum * (row - minRow[i]!);
  }
  for (let i = 0; i < count; i++) {
    const sum = mean[i]!;
    squares[i] = Math.max(0, squares[i]! - (sum * sum) / pixels[i]!);
    mean[i] = base[i]! + sum / pixels[i]!;
  }
  return { min, max, mean, squares, byRow, byColumn };
}
