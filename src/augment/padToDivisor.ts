import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import { borderIndex, gatherGeometry } from './gather.js';
import { borderModes } from './limits.js';
import { move, requireSample } from './samples.js';
import type { PaddingMode, Transform } from './types.js';
import { requireFill } from './values.js';

/** Options of {@link padToDivisor}. */
export interface PadToDivisorOptions {
  /** Height and width become multiples of it. @defaultValue 32 */
  readonly divisor?: number;
  /** What the added pixels show. @defaultValue 'reflect101' */
  readonly borderMode?: PaddingMode;
  /** Value of the added pixels of the image, for `'constant'`. @defaultValue 0 */
  readonly fill?: number;
  /** Class of the added pixels of the mask, for `'constant'`; labels get 0. @defaultValue 0 */
  readonly fillMask?: number;
  /** Where the image lies in the result: of an odd rest, `'center'` puts one more pixel at the bottom and right. @defaultValue 'center' */
  readonly position?: 'center' | 'topLeft';
}

/**
 * Returns a transform that grows every sample to multiples of `divisor` (Albumentations `PadIfNeeded` with
 * `pad_height_divisor`); one that fits already stays as it is. Under the mirroring modes, mask and labels are mirrored
 * as the image is: a label then has pixels on both sides of the border. Boxes and polygons follow the originals only.
 *
 * @throws RangeError for options out of range.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 2, 3]), [1, 3]);
 * const pad = padToDivisor({ divisor: 4, borderMode: 'replicate', position: 'topLeft' });
 * pad({ image }, new Random(1)).image.shape; // [4, 4]
 * ```
 */
export function padToDivisor(options: PadToDivisorOptions = {}): Transform {
  requireKnownOptions('padToDivisor', options, ['divisor', 'borderMode', 'fill', 'fillMask', 'position']);
  const { divisor = 32, borderMode = 'reflect101', fill = 0, fillMask = 0, position = 'center' } = options;
  requireInteger('divisor', divisor, { min: 1 });
  requireOneOf('borderMode', borderMode, borderModes());
  requireNumber('fill', fill);
  requireInteger('fillMask', fillMask, { min: 0, max: 255 });
  requireOneOf('position', position, ['center', 'topLeft']);
  const grow = (size: number) => {
    const total = Math.ceil(size / divisor) * divisor;
    const before = position === 'center' ? Math.floor((total - size) / 2) : 0;
    return { before, map: Int32Array.from({ length: total }, (_, i) => borderIndex(i - before, size, borderMode)) };
  };
  return (sample) => {
    requireSample(sample);
    const [height, width] = sample.image.shape as [number, number];
    requireFill(fill, sample.image.data);
    const rows = grow(height);
    const columns = grow(width);
    if (rows.map.length === height && columns.map.length === width) return sample;
    const point = (x: number, y: number) => [x + columns.before, y + rows.before] as const;
    return move(sample, gatherGeometry({ rows: rows.map, columns: columns.map }, width, point, { fill, fillMask }));
  };
}
