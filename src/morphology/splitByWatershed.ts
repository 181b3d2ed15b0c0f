import { createLabels, createMask } from '../core/arrays.js';
import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Labels, Mask } from '../core/types.js';
import { components } from './components.js';
import { euclideanDistances } from './euclideanDistances.js';
import { highTops } from './hMaxima.js';
import { objectIds, type SplitResult, splitResult } from './splitting.js';
import { flood } from './watershedFlood.js';

/** Options of {@link splitByWatershed}. */
export interface SplitByWatershedOptions {
  /** How much narrower a neck must be than what it joins, in pixels of distance to the outline. @defaultValue 0.75 */
  readonly h?: number;
}

/**
 * Splits touching particles where they are narrow: the distance to the background is flooded from its tops that rise by at
 * least `h` (h-maxima), as ImageJ and scikit-image do it. For round, convex particles.
 *
 * The confidence of a cut is 1 - neck / smaller radius: how much narrower the neck is than the smaller part.
 *
 * @param maskOrLabels - objects: connected pixels of one class, or of one id, which are split each for itself.
 * @throws RangeError where `h` is not above 0.
 *
 * @example
 * ```ts
 * const two = createMask(Array.from('000000000011101110111111111011101110000000000', Number), [5, 9]);
 * splitByWatershed(two, { h: 0.4 }).cuts.length; // 1
 * ```
 */
export function splitByWatershed(maskOrLabels: Mask | Labels, options: SplitByWatershedOptions = {}): SplitResult {
  requireKnownOptions('splitByWatershed', options, ['h']);
  const { h = 0.75 } = options;
  requireNumber('h', h, { above: 0 });
  const { ids, height, width } = objectIds(maskOrLabels);
  const { parts, distances } = basinsOf(ids, height, width, h);
  const { tops, saddle } = necks(parts, ids, distances, height, width);
  return splitResult(parts, ids, height, width, (a, b) => {
    const least = Math.min(tops.get(a)!, tops.get(b)!);
    return Math.min(1, Math.max(0, 1 - saddle(a, b) / least));
  });
}

/** Basins of the distance to the outline of each object; pixels of other objects are outside. */
export function basinsOf(
  ids: Int32Array,
  height: number,
  width: number,
  h: number,
): { parts: Int32Array; distances: Float32Array } {
  // Where objects touch, their pixels beside the other are outline too.
  const inside = createMask(undefined, [height, width]);
  let touching = false;
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === 0) continue;
    inside.data[i] = 1;
    const right = i % width < width - 1 ? ids[i + 1]! : ids[i]!;
    const below = i + width < ids.length ? ids[i + width]! : ids[i]!;
    if ((right !== 0 && right !== ids[i]) || (below !== 0 && below !== ids[i])) touching = true;
  }
  const distances = euclideanDistances(touching ? apart(ids, height, width) : inside.data, height, width, 1, 1);
  const negative = distances.map((value) => (value === Number.POSITIVE_INFINITY ? -height - width : -value));
  const finite = negative.map((value) => -value);
  const tops = highTops(finite, height, width, h, 8);
  for (let i = 0; i < tops.length; i++) if (inside.data[i] === 0) tops[i] = 0;
  const { ids: seeds } = components(tops, height, width, 8);
  const markers = createLabels(seeds, [height, width]);
  const parts = flood({ values: negative, height, width, markers: markers.data, mask: inside.data, connectivity: 8 });
  return { parts: withinObjects(parts, ids), distances: finite };
}

/** Foreground without the pixels that lie beside another object. */
function apart(ids: Int32Array, height: number, width: number): Uint8Array {
  const result = new Uint8Array(ids.length);
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const id = ids[i]!;
      if (id === 0) continue;
      const other = (j: number) => ids[j] !== 0 && ids[j] !== id;
      const beside =
        (column > 0 && other(i - 1)) ||
        (column < width - 1 && other(i + 1)) ||
        (row > 0 && other(i - width)) ||
        (row < height - 1 && other(i + width));
      result[i] = beside ? 0 : 1;
    }
  }
  return result;
}

/** Parts that no basin crosses from one object to another; what no basin reached is its object. */
function withinObjects(parts: Int32Array, ids: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  const span = parts.reduce((most, part) => Math.max(most, part), 0) + 1;
  return parts.map((part, i) => {
    if (ids[i] === 0) return 0;
    const key = ids[i]! * span + part;
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size + 1;
      numbers.set(key, number);
    }
    return number;
  });
}

/** The largest distance in each part, and the largest on the line between two. */
function necks(
  parts: Int32Array,
  ids: Int32Array,
  distances: Float32Array,
  height: number,
  width: number,
): { tops: Map<number, number>; saddle: (a: number, b: number) => number } {
  const tops = new Map<number, number>();
  const saddles = new Map<string, number>();
  const key = (a: number, b: number) => (a < b ? `${a} ${b}` : `${b} ${a}`);
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const part = parts[i]!;
      if (part === 0) continue;
      tops.set(part, Math.max(tops.get(part) ?? 0, distances[i]!));
      for (const j of [column + 1 < width ? i + 1 : i, i + width < parts.length ? i + width : i]) {
        const other = parts[j]!;
        if (other === 0 || other === part || ids[i] !== ids[j]) continue;
        const name = key(part, other);
        saddles.set(name, Math.max(saddles.get(name) ?? 0, Math.min(distances[i]!, distances[j]!)));
      }
    }
  }
  return { tops, saddle: (a, b) => saddles.get(key(a, b)) ?? 0 };
}
