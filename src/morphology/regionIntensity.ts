import type { PixelData } from '../core/types.js';
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
export function regionIntensity(table: RegionTable, values: PixelData): RegionIntensity {
  const { count } = table;
  const result = { min: new Float64Array(count), max: new Float64Array(count), mean: new Float64Array(count) };
  if (values instanceof Float32Array) ofFloats(table, values, result);
  else ofIntegers(table, values, result);
  return result;
}

function ofFloats(
  { runs: { offsets, starts, ends }, width, count, pixels }: RegionTable,
  values: Float32Array,
  { min, max, mean }: RegionIntensity,
): void {
  for (let i = 0; i < count; i++) {
    // Added up as deviations from the first value: sums of large, similar values would lose digits.
    const base = values[starts[offsets[i]!]!]!;
    let low = base;
    let high = base;
    let sum = 0;
    for (let run = offsets[i]!; run < offsets[i + 1]!; run++) {
      let part = 0;
      for (let at = starts[run]!; at < ends[run]!; at++) {
        const value = values[at]!;
        if (value < low) low = value;
        if (value > high) high = value;
        part += value - base;
      }
      if (!Number.isFinite(part)) requireFinite(values, starts[run]!, ends[run]!, width);
      sum += part;
    }
    min[i] = low;
    max[i] = high;
    mean[i] = base + sum / pixels[i]!;
  }
}

/** The same for integers, whose sums are exact. */
function ofIntegers(
  { runs: { offsets, starts, ends }, count, pixels }: RegionTable,
  values: Uint8Array | Uint16Array,
  { min, max, mean }: RegionIntensity,
): void {
  for (let i = 0; i < count; i++) {
    let low = values[starts[offsets[i]!]!]!;
    let high = low;
    let sum = 0;
    for (let run = offsets[i]!; run < offsets[i + 1]!; run++) {
      const end = ends[run]!;
      // A run adds up within 32 bits.
      let part = 0;
      for (let at = starts[run]!; at < end; at++) {
        const value = values[at]!;
        // Extremes without a branch, which noise makes hard to foresee: a difference below 0 has all bits set above.
        const below = value - low;
        const above = value - high;
        low += below & (below >> 31);
        high += above & ~(above >> 31);
        part += value;
      }
      sum += part;
    }
    min[i] = low;
    max[i] = high;
    mean[i] = sum / pixels[i]!;
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
  for (let run = 0, i = 0; run < runs.count; run++) {
    if (run === runs.offsets[i + 1]) i++;
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
  for (let run = 0, i = 0; run < runs.count; run++) {
    if (run === runs.offsets[i + 1]) i++;
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
  for (let run = 0, i = 0; run < runs.count; run++) {
    if (run === runs.offsets[i + 1]) i++;
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
