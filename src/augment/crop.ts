import { requireInteger, requireKnownOptions } from '../core/check.js';
import type { Sample } from '../core/types.js';
import { gatherGeometry, steps } from './gather.js';
import { move, requireSample } from './samples.js';
import type { Transform } from './types.js';

/** Options of {@link crop}: the part to keep, half-open like a `Box`. */
export interface CropOptions {
  /** First column. */
  readonly xMin: number;
  /** First row. */
  readonly yMin: number;
  /** Column after the last. */
  readonly xMax: number;
  /** Row after the last. */
  readonly yMax: number;
}

/** Cuts a part out of a sample. */
export function cut(sample: Sample, top: number, left: number, height: number, width: number): Sample {
  const sourceWidth = sample.image.shape[1]!;
  const maps = { rows: steps(height, top, 1), columns: steps(width, left, 1) };
  return move(
    sample,
    gatherGeometry(maps, sourceWidth, (x, y) => [x - left, y - top]),
  );
}

/** Throws unless the frame has room for a part of the given size. */
export function requireRoom(name: string, sample: Sample, height: number, width: number): readonly [number, number] {
  requireSample(sample);
  const [rows, columns] = sample.image.shape as [number, number];
  if (height > rows || width > columns) {
    throw new RangeError(
      `image must be at least ${height} x ${width} for ${name}, got ${rows} x ${columns}; pad or resize it first.`,
    );
  }
  return [rows, columns];
}

/**
 * Returns a transform that keeps a fixed part of every sample (Albumentations `Crop`). Boxes are cut at its border,
 * polygons are not.
 *
 * @throws RangeError where the part is empty or does not lie within the image.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 2, 3, 4]), [2, 2]);
 * crop({ xMin: 1, yMin: 0, xMax: 2, yMax: 2 })({ image }, new Random(1)).image.data; // Uint8Array [2, 4]
 * ```
 */
export function crop(options: CropOptions): Transform {
  requireKnownOptions('crop', options, ['xMin', 'yMin', 'xMax', 'yMax']);
  const { xMin, yMin, xMax, yMax } = options;
  requireInteger('xMin', xMin, { min: 0 });
  requireInteger('yMin', yMin, { min: 0 });
  requireInteger('xMax', xMax, { above: xMin });
  requireInteger('yMax', yMax, { above: yMin });
  return (sample) => {
    requireRoom('crop', sample, yMax, xMax);
    return cut(sample, yMin, xMin, yMax - yMin, xMax - xMin);
  };
}
