import { contiguous, createLabels } from '../core/arrays.js';
import { requireKnownOptions, requireLabels, requireNumber } from '../core/check.js';
import type { Labels } from '../core/types.js';

/** Options of {@link expandLabels}. */
export interface ExpandLabelsOptions {
  /** How far regions grow, in pixels. @defaultValue 1 */
  readonly distance?: number;
}

/**
 * Returns labels whose regions have grown by up to `distance` pixels into the background, without growing into each
 * other: a background pixel takes the id of the nearest region, the smaller id where two are as near. scikit-image's
 * `expand_labels`, but for such ties.
 *
 * @throws RangeError where `distance` is negative.
 *
 * @example
 * ```ts
 * expandLabels(createLabels([0, 0, 1, 0, 0, 0, 2], [1, 7]), { distance: 1 }).data; // [0, 1, 1, 1, 0, 2, 2]
 * ```
 */
export function expandLabels(labels: Labels, options: ExpandLabelsOptions = {}): Labels {
  requireLabels('labels', labels);
  requireKnownOptions('expandLabels', options, ['distance']);
  const { distance = 1 } = options;
  requireNumber('distance', distance, { min: 0 });
  const [height, width] = labels.shape as [number, number];
  const { data } = contiguous(labels);
  const result = data.slice();
  const reach = Math.min(Math.floor(distance), Math.max(height, width));
  // Offsets from near to far: the first region met is the nearest.
  const offsets: Array<{ row: number; column: number; square: number }> = [];
  for (let row = -reach; row <= reach; row++) {
    for (let column = -reach; column <= reach; column++) {
      const square = row * row + column * column;
      if (square > 0 && square <= distance * distance) offsets.push({ row, column, square });
    }
  }
  offsets.sort((a, b) => a.square - b.square);
  const squares = new Float64Array(data.length).fill(Number.POSITIVE_INFINITY);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const id = data[at]!;
      // Only the rim of a region can be the nearest pixel of anything.
      if (id === 0 || !onRim(data, height, width, row, column, at)) continue;
      for (const offset of offsets) {
        const y = row + offset.row;
        const x = column + offset.column;
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        const to = y * width + x;
        if (data[to] !== 0 || offset.square > squares[to]!) continue;
        if (offset.square === squares[to] && result[to]! <= id) continue;
        squares[to] = offset.square;
        result[to] = id;
      }
    }
  }
  return createLabels(result, [height, width]);
}

function onRim(data: Int32Array, height: number, width: number, row: number, column: number, at: number): boolean {
  return (
    (column > 0 && data[at - 1] === 0) ||
    (column < width - 1 && data[at + 1] === 0) ||
    (row > 0 && data[at - width] === 0) ||
    (row < height - 1 && data[at + width] === 0)
  );
}
