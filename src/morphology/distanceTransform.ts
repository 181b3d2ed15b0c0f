import type { NdArray } from 'ndarray';
import { contiguous, createImage } from '../core/arrays.js';
import { requireKnownOptions, requireMask, requireOneOf, rowAndColumn } from '../core/check.js';
import type { Mask, PerAxis } from '../core/types.js';
import { euclideanDistances } from './euclideanDistances.js';
import { type OutOption, outputData } from './out.js';

/** Options of {@link distanceTransform}. */
export interface DistanceTransformOptions extends OutOption<NdArray<Float32Array>> {
  /** `'euclidean'` is exact; `'cityblock'` counts steps along rows and columns, `'chessboard'` diagonal ones too. @defaultValue 'euclidean' */
  readonly metric?: 'euclidean' | 'cityblock' | 'chessboard';
  /** Edge of a pixel, for `'euclidean'` only: distances come in its unit. @defaultValue 1 */
  readonly spacing?: PerAxis;
}

/**
 * Returns the distance of every foreground pixel (any class above 0) to the nearest background pixel, 0 on the background
 * itself. Exact, as SciPy's `distance_transform_edt` within float32. Beyond the border is nothing: where there is no
 * background at all, distances are infinite.
 *
 * @throws RangeError for a spacing along with another metric than `'euclidean'`, or an `out` that does not fit.
 *
 * @example
 * ```ts
 * const mask = createMask([0, 1, 1, 1, 1], [1, 5]);
 * distanceTransform(mask).data; // [0, 1, 2, 3, 4]
 * ```
 */
export function distanceTransform(mask: Mask, options: DistanceTransformOptions = {}): NdArray<Float32Array> {
  requireMask('mask', mask);
  requireKnownOptions('distanceTransform', options, ['metric', 'spacing', 'out']);
  const { metric = 'euclidean', spacing = 1, out } = options;
  requireOneOf('metric', metric, ['euclidean', 'cityblock', 'chessboard']);
  const [rowSize, columnSize] = rowAndColumn('spacing', spacing, { above: 0 });
  const [height, width] = mask.shape as [number, number];
  const { data } = contiguous(mask);
  if (metric !== 'euclidean' && (rowSize !== 1 || columnSize !== 1)) {
    throw new RangeError(`spacing must not be given with the metric "${metric}", which counts steps.`);
  }
  const result = outputData(out, Float32Array, mask.shape, mask.data);
  if (metric === 'euclidean') euclideanDistances(data, height, width, rowSize, columnSize, result);
  else steps(data, height, width, metric === 'chessboard', result);
  return out ?? createImage(result, [height, width]);
}

/** Steps to the nearest background pixel, written to `result`: one scan down, one up. */
function steps(data: Uint8Array, height: number, width: number, diagonal: boolean, result: Float32Array): void {
  const scan = (at: number, row: number, x: number, side: number) => {
    if (data[at] === 0) {
      result[at] = 0;
      return;
    }
    let best = side < 0 ? Number.POSITIVE_INFINITY : result[at]!;
    if (x + side >= 0 && x + side < width) best = Math.min(best, result[at + side]! + 1);
    if (row + side >= 0 && row + side < height) {
      const other = at + side * width;
      best = Math.min(best, result[other]! + 1);
      if (diagonal && x > 0) best = Math.min(best, result[other - 1]! + 1);
      if (diagonal && x < width - 1) best = Math.min(best, result[other + 1]! + 1);
    }
    result[at] = best;
  };
  for (let row = 0, at = 0; row < height; row++) for (let x = 0; x < width; x++, at++) scan(at, row, x, -1);
  for (let row = height - 1, at = data.length - 1; row >= 0; row--) {
    for (let x = width - 1; x >= 0; x--, at--) scan(at, row, x, 1);
  }
}
