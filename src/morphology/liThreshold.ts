import { requireKnownOptions, requireNumber } from '../core/check.js';
import { log } from '../core/math.js';
import type { Image } from '../core/types.js';
import { greyImage } from './greyImage.js';
import { extremes, valueHistogram } from './histogram.js';

/** Options of {@link liThreshold}. */
export interface LiThresholdOptions {
  /** The search ends where the threshold moves by less. By default half a level for integers, half the smallest difference of values for floats. */
  readonly tolerance?: number;
}

/**
 * Returns the threshold of a grey image by Li's minimum cross entropy (Li and Tam 1998), in its sample values; the
 * foreground is `value > threshold`. Equal to scikit-image's `threshold_li`, started from the mean. A constant image
 * gives its value.
 *
 * @throws RangeError for several channels or samples that are not finite.
 *
 * @example
 * ```ts
 * liThreshold(createImage(new Uint8Array([10, 12, 200, 210]), [2, 2])) > 12; // true
 * ```
 */
export function liThreshold(image: Image, options: LiThresholdOptions = {}): number {
  requireKnownOptions('liThreshold', options, ['tolerance']);
  const { data } = greyImage('image', image);
  if (options.tolerance !== undefined) requireNumber('tolerance', options.tolerance, { above: 0 });
  const [low, high] = extremes(data);
  if (low === high) return low;
  // Ascending values above the smallest, with sums of numbers and values below each.
  const { values, counts } = data instanceof Float32Array ? distinctFloats(data, low) : levels(image);
  const numbers = new Float64Array(values.length + 1);
  const sums = new Float64Array(values.length + 1);
  let step = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    numbers[i + 1] = numbers[i]! + counts[i]!;
    sums[i + 1] = sums[i]! + counts[i]! * values[i]!;
    if (i > 0) step = Math.min(step, values[i]! - values[i - 1]!);
  }
  const all = values.length;
  const tolerance = options.tolerance ?? (data instanceof Float32Array ? step / 2 : 0.5);
  let next = sums[all]! / numbers[all]!;
  let current = next - 2 * tolerance - 1;
  while (Math.abs(next - current) > tolerance) {
    current = next;
    const split = firstAbove(values, current);
    const dark = sums[split]! / numbers[split]!;
    const bright = (sums[all]! - sums[split]!) / (numbers[all]! - numbers[split]!);
    if (dark === 0) break;
    next = (dark - bright) / (log(dark) - log(bright));
  }
  return next + low;
}

function levels(image: Image): { values: Float64Array; counts: Float64Array } {
  const { counts } = valueHistogram(image, undefined);
  return { values: Float64Array.from(counts, (_, bin) => bin), counts };
}

function distinctFloats(data: Float32Array, low: number): { values: Float64Array; counts: Float64Array } {
  const sorted = data.slice().sort();
  const values = new Float64Array(sorted.length);
  const counts = new Float64Array(sorted.length);
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i]! - low;
    if (count === 0 || value !== values[count - 1]) values[count++] = value;
    counts[count - 1]!++;
  }
  return { values: values.subarray(0, count), counts: counts.subarray(0, count) };
}

/** The place of the first of ascending values above a number. */
function firstAbove(values: Float64Array, number: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > number) high = middle;
    else low = middle + 1;
  }
  return low;
}
