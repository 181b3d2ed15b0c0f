import { requireInteger, requireKnownOptions, requireOneOf } from '../core/check.js';
import { gather } from './gather.js';
import { nearestMap, resample } from './resample.js';
import { move, requireSample } from './samples.js';
import type { Interpolation, Transform } from './types.js';

/** Options of {@link resize}. */
export interface ResizeOptions {
  /** Rows of the result. */
  readonly height: number;
  /** Columns of the result. */
  readonly width: number;
  /** How the image is resampled; `'area'` averages and is best for shrinking. @defaultValue 'linear' */
  readonly interpolation?: Interpolation;
  /**
   * How mask and labels are: `'nearest'` takes the first pixel of each cell, as OpenCV and Albumentations do (a shift of
   * up to half a pixel of the result against the image), `'nearestExact'` the one at its middle. @defaultValue 'nearest'
   */
  readonly maskInterpolation?: 'nearest' | 'nearestExact';
}

/**
 * Returns a transform that resizes every sample with the conventions of OpenCV: half-pixel centres, edge pixels
 * repeated, cubic with a = -0.75, no smoothing before shrinking except by `'area'`. Mask and labels get no new values.
 *
 * @throws RangeError for options out of range.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([0, 100]), [1, 2]);
 * resize({ height: 1, width: 4 })({ image }, new Random(1)).image.data; // Uint8Array [0, 25, 75, 100]
 * ```
 */
export function resize(options: ResizeOptions): Transform {
  requireKnownOptions('resize', options, ['height', 'width', 'interpolation', 'maskInterpolation']);
  const { height, width, interpolation = 'linear', maskInterpolation = 'nearest' } = options;
  requireInteger('height', height, { min: 1 });
  requireInteger('width', width, { min: 1 });
  const kernels: readonly Interpolation[] = ['nearest', 'nearestExact', 'linear', 'cubic', 'area', 'lanczos4'];
  requireOneOf('interpolation', interpolation, kernels);
  requireOneOf('maskInterpolation', maskInterpolation, ['nearest', 'nearestExact']);
  return (sample) => {
    requireSample(sample);
    const [rows, columns] = sample.image.shape as [number, number];
    if (rows === height && columns === width) return sample;
    const maps = (exact: boolean) => ({
      rows: nearestMap(rows, height, exact),
      columns: nearestMap(columns, width, exact),
    });
    const maskMaps = maps(maskInterpolation === 'nearestExact');
    return move(sample, {
      height,
      width,
      image: (image) =>
        interpolation === 'nearest' || interpolation === 'nearestExact'
          ? gather(image.data, image.width, image.channels, maps(interpolation === 'nearestExact'), 0)
          : resample(image, height, width, interpolation),
      ids: (data) => gather(data, columns, 1, maskMaps, 0),
      point: (x, y) => [((x + 0.5) * width) / columns - 0.5, ((y + 0.5) * height) / rows - 0.5],
      fillMask: 0,
    });
  };
}
