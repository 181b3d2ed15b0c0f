import { requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import type { Image } from '../core/types.js';
import { greyImage } from './greyImage.js';
import { extremes } from './histogram.js';

/** Options of {@link findContours}. */
export interface FindContoursOptions {
  /** The value along which contours run. By default midway between the smallest and the largest. */
  readonly level?: number;
  /** Where two high and two low pixels meet crosswise: whether the `'low'` or the `'high'` ones belong together. @defaultValue 'low' */
  readonly fullyConnected?: 'low' | 'high';
}

/** A line along one value. */
export interface Contour {
  /** `[row, column]` points; pixel centres are integers. The first is the last again where it is closed. */
  readonly points: ReadonlyArray<readonly [row: number, column: number]>;
  /** Whether it comes back to its first point; others end at the border of the image. */
  readonly closed: boolean;
}

/**
 * Returns the lines along a value of a grey image with sub-pixel positions, by marching squares with linear
 * interpolation. Higher values lie on the left-hand side of the way. The points of scikit-image's `find_contours`, whose
 * lines may start elsewhere.
 *
 * @throws RangeError for several channels, samples that are not finite, or an image of less than 2 x 2 pixels.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([0, 0, 0, 0, 4, 0, 0, 0, 0]), [3, 3]);
 * const [contour] = findContours(image, { level: 1 });
 * contour.closed; // true
 * contour.points.length; // 5
 * ```
 */
export function findContours(image: Image, options: FindContoursOptions = {}): Contour[] {
  requireKnownOptions('findContours', options, ['level', 'fullyConnected']);
  const { data, height, width } = greyImage('image', image);
  const { fullyConnected = 'low' } = options;
  requireOneOf('fullyConnected', fullyConnected, ['low', 'high']);
  if (height < 2 || width < 2) throw new RangeError(`image must have at least 2 x 2 pixels, got ${height} x ${width}.`);
  if (options.level !== undefined) requireNumber('level', options.level);
  const [low, high] = extremes(data);
  const level = options.level ?? (low + high) / 2;

  // A point lies on an edge between two pixels: 2 * pixel to its right neighbour, 2 * pixel + 1 to the one below.
  const next = new Map<number, number>();
  const before = new Map<number, number>();
  const join = (from: number, to: number) => {
    next.set(from, to);
    before.set(to, from);
  };
  for (let row = 0; row < height - 1; row++) {
    for (let column = 0; column < width - 1; column++) {
      const at = row * width + column;
      const pattern =
        (data[at]! > level ? 1 : 0) +
        (data[at + 1]! > level ? 2 : 0) +
        (data[at + width]! > level ? 4 : 0) +
        (data[at + width + 1]! > level ? 8 : 0);
      if (pattern === 0 || pattern === 15) continue;
      const top = 2 * at;
      const bottom = 2 * (at + width);
      const left = 2 * at + 1;
      const right = 2 * (at + 1) + 1;
      switch (pattern) {
        case 1:
          join(top, left);
          break;
        case 2:
          join(right, top);
          break;
        case 3:
          join(right, left);
          break;
        case 4:
          join(left, bottom);
          break;
        case 5:
          join(top, bottom);
          break;
        case 6:
          if (fullyConnected === 'low') {
            join(right, top);
            join(left, bottom);
          } else {
            join(left, top);
            join(right, bottom);
          }
          break;
        case 7:
          join(right, bottom);
          break;
        case 8:
          join(bottom, right);
          break;
        case 9:
          if (fullyConnected === 'low') {
            join(top, left);
            join(bottom, right);
          } else {
            join(top, right);
            join(bottom, left);
          }
          break;
        case 10:
          join(bottom, top);
          break;
        case 11:
          join(bottom, left);
          break;
        case 12:
          join(left, right);
          break;
        case 13:
          join(top, right);
          break;
        case 14:
          join(left, top);
          break;
      }
    }
  }

  const point = (edge: number): readonly [number, number] => {
    const at = edge >> 1;
    const row = Math.floor(at / width);
    const column = at % width;
    const a = data[at]!;
    const b = data[(edge & 1) === 0 ? at + 1 : at + width]!;
    const share = (level - a) / (b - a);
    return (edge & 1) === 0 ? [row, column + share] : [row + share, column];
  };
  const contours: Contour[] = [];
  const follow = (first: number) => {
    const points = [point(first)];
    let edge: number | undefined = first;
    for (;;) {
      const following: number | undefined = next.get(edge);
      next.delete(edge);
      if (following === undefined) break;
      // Values that equal the level put neighbouring points in one place.
      const last = points[points.length - 1]!;
      const [row, column] = point(following);
      if (row !== last[0] || column !== last[1] || following === first) points.push([row, column]);
      edge = following;
    }
    contours.push({ points, closed: edge === first });
  };
  for (const first of [...next.keys()]) if (!before.has(first)) follow(first);
  for (const first of [...next.keys()]) if (next.has(first)) follow(first);
  return contours;
}
