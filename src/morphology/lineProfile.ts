import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import type { Image } from '../core/types.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';

/** Options of {@link lineProfile}. */
export interface LineProfileOptions {
  /** Number of parallel lines, one pixel apart, over which values are averaged. @defaultValue 1 */
  readonly lineWidth?: number;
  /** `'linear'` between the four pixels around a point, or the `'nearest'` one. @defaultValue 'linear' */
  readonly interpolation?: 'linear' | 'nearest';
}

/**
 * Returns the values of a grey image along a line, both ends included, at steps of at most one pixel: ceil(length) + 1
 * samples evenly spaced. Points beyond the image take the nearest pixel of its border. Equal to scikit-image's
 * `profile_line` with `mode='nearest'`.
 *
 * @param start - `[row, column]`; pixel centres are integers.
 * @param end - `[row, column]`.
 * @throws RangeError for several channels, or for samples or points that are not finite.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([0, 10, 20, 30]), [1, 4]);
 * lineProfile(image, [0, 0.5], [0, 2.5]); // [5, 15, 25]
 * ```
 */
export function lineProfile(
  image: Image,
  start: readonly [row: number, column: number],
  end: readonly [row: number, column: number],
  options: LineProfileOptions = {},
): Float64Array {
  requireKnownOptions('lineProfile', options, ['lineWidth', 'interpolation']);
  const { lineWidth = 1, interpolation = 'linear' } = options;
  const { data, height, width } = greyImage('image', image);
  for (const axis of [0, 1] as const) {
    requireNumber(`start[${axis}]`, start[axis]);
    requireNumber(`end[${axis}]`, end[axis]);
  }
  requireInteger('lineWidth', lineWidth, { min: 1, max: 10_000 });
  requireOneOf('interpolation', interpolation, ['linear', 'nearest']);
  requireFiniteSamples('image', data);
  const rowSpan = end[0] - start[0];
  const columnSpan = end[1] - start[1];
  const length = Math.sqrt(rowSpan * rowSpan + columnSpan * columnSpan);
  const count = Math.ceil(length) + 1;
  requireInteger('the number of samples', count, { max: 1e7 });
  const at = (row: number, column: number) =>
    data[Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column))]!;
  const sample = (row: number, column: number) => {
    if (interpolation === 'nearest') return at(Math.round(row), Math.round(column));
    const y = Math.floor(row);
    const x = Math.floor(column);
    const down = row - y;
    const right = column - x;
    return (
      (1 - down) * ((1 - right) * at(y, x) + right * at(y, x + 1)) +
      down * ((1 - right) * at(y + 1, x) + right * at(y + 1, x + 1))
    );
  };
  // The direction across the line.
  const acrossRow = length === 0 ? 0 : columnSpan / length;
  const acrossColumn = length === 0 ? 0 : -rowSpan / length;
  return Float64Array.from({ length: count }, (_, i) => {
    const share = count === 1 ? 0 : i / (count - 1);
    let sum = 0;
    for (let k = 0; k < lineWidth; k++) {
      const aside = k - (lineWidth - 1) / 2;
      sum += sample(
        start[0] + share * rowSpan + aside * acrossRow,
        start[1] + share * columnSpan + aside * acrossColumn,
      );
    }
    return sum / lineWidth;
  });
}
