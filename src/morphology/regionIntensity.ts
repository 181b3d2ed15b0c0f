import type { PixelData } from '../core/types.js';
import type { RegionRuns } from './regionRuns.js';
import type { RegionTable } from './regionTable.js';

/** Means and extremes of the intensity of every region. */
export interface RegionIntensity {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
}

/**
 * Collects intensities in one pass.
 *
 * @throws RangeError where a value within a region is not finite, with its position.
 */
export function regionIntensity({ runs, width, count, pixels }: RegionTable, values: PixelData): RegionIntensity {
  const min = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  // Floats are added up as deviations from the first value: sums of large, similar values would lose digits.
  const base = new Float64Array(count).fill(Number.NaN);
  const mean = new Float64Array(count);
  if (!(values instanceof Float32Array)) {
    wholeIntensity(runs, values, min, max, mean);
    for (let i = 0; i < count; i++) mean[i]! /= pixels[i]!;
    return { min, max, mean };
  }
  for (let run = 0; run < runs.count; run++) {
    const i = runs.ids[run]! - 1;
    const start = runs.starts[run]!;
    const end = runs.ends[run]!;
    if (Number.isNaN(base[i]!)) base[i] = values[start]!;
    const origin = base[i]!;
    let low = values[start]!;
    let high = low;
    let sum = 0;
    for (let at = start; at < end; at++) {
      const value = values[at]!;
      if (value < low) low = value;
      if (value > high) high = value;
      sum += value - origin;
    }
    if (!Number.isFinite(sum)) requireFinite(values, start, end, width);
    if (low < min[i]!) min[i] = low;
    if (high > max[i]!) max[i] = high;
    mean[i]! += sum;
  }
  for (let i = 0; i < count; i++) mean[i] = base[i]! + mean[i]! / pixels[i]!;
  return { min, max, mean };
}

/** The same for integers, whose sums are exact. */
function wholeIntensity(
  { count, ids, starts, ends }: RegionRuns,
  values: Uint8Array | Uint16Array,
  min: Float64Array,
  max: Float64Array,
  sums: Float64Array,
): void {
  for (let run = 0; run < count; run++) {
    const i = ids[run]! - 1;
    const end = ends[run]!;
    let at = starts[run]!;
    let low = values[at]!;
    let high = low;
    let sum = 0;
    for (; at < end; at++) {
      const value = values[at]!;
      // Extremes without a branch, which noise makes hard to foresee: a difference below 0 has all bits set above.
      const below = value - low;
      const above = value - high;
      low += below & (below >> 31);
      high += above & ~(above >> 31);
      sum += value;
    }
    if (low < min[i]!) min[i] = low;
    if (high > max[i]!) max[i] = high;
    sums[i]! += sum;
  }
}

function requireFinite(values: PixelData, start: number, end: number, width: number): void {
  for (let at = start; at < end; at++) {
    if (Number.isFinite(values[at]!)) continue;
    const position = `[${Math.floor(at / width)}, ${at % width}]`;
    throw new RangeError(`intensity must be finite within regions, got ${values[at]} at [row, column] ${position}.`);
  }
}

/** 16 a region: the sums of value * row ** p * column ** q at p * 4 + q, about the origin of the region. */
export function weightedSums(table: RegionTable, values: PixelData): Float64Array {
  const { runs, width, count, minRow, originColumn } = table;
  const sums = new Float64Array(16 * count);
  for (let run = 0; run < runs.count; run++) {
    const i = runs.ids[run]! - 1;
    const origin = runs.rows[run]! * width + originColumn[i]!;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let at = runs.starts[run]!; at < runs.ends[run]!; at++) {
      const value = values[at]!;
      const column = at - origin;
      s0 += value;
      s1 += value * column;
      s2 += value * column * column;
      s3 += value * column * column * column;
    }
    const row = runs.rows[run]! - minRow[i]!;
    for (let p = 0, power = 1; p < 4; p++, power *= row) {
      const at = i * 16 + p * 4;
      sums[at]! += s0 * power;
      sums[at + 1]! += s1 * power;
      sums[at + 2]! += s2 * power;
      sums[at + 3]! += s3 * power;
    }
  }
  return sums;
}

/** Spread and shape of the intensities of every region about their means. */
export interface IntensityMoments {
  /** Means of (value - mean) ** 2, ** 3 and ** 4. */
  readonly second: Float64Array;
  readonly third: Float64Array;
  readonly fourth: Float64Array;
}

/** Collects the central moments of the intensities, in a second pass. */
export function intensityMoments(
  { runs, count, pixels }: RegionTable,
  values: PixelData,
  mean: Float64Array,
): IntensityMoments {
  const second = new Float64Array(count);
  const third = new Float64Array(count);
  const fourth = new Float64Array(count);
  for (let run = 0; run < runs.count; run++) {
    const i = runs.ids[run]! - 1;
    for (let at = runs.starts[run]!; at < runs.ends[run]!; at++) {
      const deviation = values[at]! - mean[i]!;
      const square = deviation * deviation;
      second[i]! += square;
      third[i]! += square * deviation;
      fourth[i]! += square * square;
    }
  }
  for (let i = 0; i < count; i++) {
    second[i]! /= pixels[i]!;
    third[i]! /= pixels[i]!;
    fourth[i]! /= pixels[i]!;
  }
  return { second, third, fourth };
}

/** The intensities of every region, ascending: those of region i lie from offsets[i] to offsets[i + 1]. */
export function sortedIntensities(
  { runs, count, pixels }: RegionTable,
  values: PixelData,
): { offsets: Int32Array; sorted: Float64Array } {
  const offsets = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i]! + pixels[i]!;
  const next = offsets.slice();
  const sorted = new Float64Array(offsets[count]!);
  for (let run = 0; run < runs.count; run++) {
    const i = runs.ids[run]! - 1;
    for (let at = runs.starts[run]!; at < runs.ends[run]!; at++) sorted[next[i]!++] = values[at]!;
  }
  for (let i = 0; i < count; i++) sorted.subarray(offsets[i]!, offsets[i + 1]!).sort();
  return { offsets, sorted };
}

/**
 * The mean of the background (id 0) around a region: within `reach` rows and columns of one of its pixels. `NaN` where
 * there is none.
 */
export function ringMean(table: RegionTable, values: PixelData, i: number, reach: number): number {
  const { data, ids, height, width, minRow, minColumn, maxRow, maxColumn } = table;
  const top = Math.max(0, minRow[i]! - reach);
  const bottom = Math.min(height, maxRow[i]! + reach);
  const left = Math.max(0, minColumn[i]! - reach);
  const right = Math.min(width, maxColumn[i]! + reach);
  const id = ids[i]!;
  const columns = right - left;
  // Steps since the last pixel of the region, to the left, to the right, then above or below.
  const near = new Uint8Array((bottom - top) * columns);
  for (let row = Math.max(top, minRow[i]!); row < Math.min(bottom, maxRow[i]!); row++) {
    const start = row * width;
    for (let column = left, last = -reach - 1 - width; column < right; column++) {
      if (data[start + column] === id) last = column;
      if (column - last <= reach) near[(row - top) * columns + column - left] = 1;
    }
    for (let column = right - 1, last = 2 * width + reach; column >= left; column--) {
      if (data[start + column] === id) last = column;
      if (last - column <= reach) near[(row - top) * columns + column - left] = 1;
    }
  }
  let sum = 0;
  let count = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const at = row * width + column;
      if (data[at] !== 0) continue;
      let inside = false;
      for (let y = Math.max(top, row - reach); y <= Math.min(bottom - 1, row + reach) && !inside; y++) {
        inside = near[(y - top) * columns + column - left] === 1;
      }
      if (!inside) continue;
      sum += values[at]!;
      count++;
    }
  }
  return count === 0 ? Number.NaN : sum / count;
}
