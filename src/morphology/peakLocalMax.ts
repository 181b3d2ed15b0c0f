import { contiguous } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, requireLabels, requireNumber, requireSameSize } from '../core/check.js';
import type { Image, Labels } from '../core/types.js';
import { greyExtremes } from './greyExtremes.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';

/** Options of {@link peakLocalMax}. */
export interface PeakLocalMaxOptions {
  /** Peaks are at least this many rows or columns apart. @defaultValue 1 */
  readonly minDistance?: number;
  /** Peaks are above this value. By default above the smallest of the image. */
  readonly threshold?: number;
  /** Rows and columns at the border where no peak is looked for. @defaultValue 0 */
  readonly excludeBorder?: number;
  /** Only pixels of a region (ids above 0) are peaks, each region for itself. */
  readonly labels?: Labels;
  /** At most so many peaks, the highest. */
  readonly maxPeaks?: number;
}

/**
 * Returns the peaks of a grey image as `[row, column]`, the highest first, equal ones in raster order: pixels that are
 * largest within `minDistance` rows and columns. scikit-image's `peak_local_max`, whose default leaves out the border and
 * whose order of equal peaks is undefined.
 *
 * @throws RangeError for several channels or samples that are not finite.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 5, 1, 1, 9]), [1, 5]);
 * peakLocalMax(image); // [[0, 4], [0, 1]]
 * ```
 */
export function peakLocalMax(image: Image, options: PeakLocalMaxOptions = {}): Array<[row: number, column: number]> {
  requireKnownOptions('peakLocalMax', options, ['minDistance', 'threshold', 'excludeBorder', 'labels', 'maxPeaks']);
  const { minDistance = 1, threshold, excludeBorder = 0, labels, maxPeaks } = options;
  const { data, height, width } = greyImage('image', image);
  requireInteger('minDistance', minDistance, { min: 1 });
  requireInteger('excludeBorder', excludeBorder, { min: 0 });
  if (threshold !== undefined) requireNumber('threshold', threshold);
  if (maxPeaks !== undefined) requireInteger('maxPeaks', maxPeaks, { min: 0 });
  requireFiniteSamples('image', data);
  const ids = labels === undefined ? undefined : idsOf(labels, image);
  const reach = Math.min(minDistance, Math.max(height, width));
  const rows = Array.from({ length: 2 * reach + 1 }, (_, i) => ({ row: i - reach, first: -reach, last: reach }));
  const highest = greyExtremes(data, height, width, rows, 'max');
  let floor = threshold ?? Number.POSITIVE_INFINITY;
  if (threshold === undefined) for (let i = 0; i < data.length; i++) floor = Math.min(floor, data[i]!);
  const candidates: number[] = [];
  for (let row = excludeBorder; row < height - excludeBorder; row++) {
    for (let column = excludeBorder; column < width - excludeBorder; column++) {
      const at = row * width + column;
      if (!(data[at]! > floor) || (ids !== undefined && ids[at]! <= 0)) continue;
      if (ids === undefined ? data[at] === highest[at] : isPeakOf(ids, data, height, width, at, reach))
        candidates.push(at);
    }
  }
  candidates.sort((a, b) => data[b]! - data[a]! || a - b);
  const peaks: Array<[number, number]> = [];
  // Places too near to a peak of the same region that is taken already.
  const taken = new Map<number, Set<number>>();
  for (const at of candidates) {
    if (maxPeaks !== undefined && peaks.length >= maxPeaks) break;
    const id = ids?.[at] ?? 0;
    const near = taken.get(id) ?? new Set();
    taken.set(id, near);
    if (near.has(at)) continue;
    const row = Math.floor(at / width);
    const column = at % width;
    peaks.push([row, column]);
    for (let y = Math.max(0, row - reach + 1); y < Math.min(height, row + reach); y++) {
      for (let x = Math.max(0, column - reach + 1); x < Math.min(width, column + reach); x++) near.add(y * width + x);
    }
  }
  return peaks;
}

function idsOf(labels: Labels, image: Image): Int32Array {
  requireLabels('labels', labels);
  requireSameSize('labels', labels, 'image', image);
  return contiguous(labels).data;
}

/** Whether no pixel of the same region is higher nearby. */
function isPeakOf(
  ids: Int32Array,
  data: ArrayLike<number>,
  height: number,
  width: number,
  at: number,
  reach: number,
): boolean {
  const row = Math.floor(at / width);
  const column = at % width;
  for (let y = Math.max(0, row - reach); y <= Math.min(height - 1, row + reach); y++) {
    for (let x = Math.max(0, column - reach); x <= Math.min(width - 1, column + reach); x++) {
      const other = y * width + x;
      if (ids[other] === ids[at] && data[other]! > data[at]!) return false;
    }
  }
  return true;
}
