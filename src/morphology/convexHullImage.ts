import { contiguous, createMask } from '../core/arrays.js';
import { requireKnownOptions, requireMask, requireOneOf } from '../core/check.js';
import type { Mask } from '../core/types.js';
import { type Connectivity, components, requireConnectivity } from './components.js';
import { HullBuilder, pixelsOf, roomForExtents, writeExtents } from './regionHull.js';
import { regionTable } from './regionTable.js';

/** Options of {@link convexHullImage}. */
export interface ConvexHullImageOptions {
  /** One hull around all foreground, or one around each connected object. @defaultValue 'image' */
  readonly of?: 'image' | 'objects';
  /** Which pixels belong to one object: 4 or 8. @defaultValue 8 */
  readonly connectivity?: Connectivity;
}

/**
 * Marks (1) the pixels whose centres lie in the convex hull of the foreground (any class above 0): the hull of the
 * midpoints of the pixels' edges, as scikit-image's `convex_hull_image` and `convex_hull_object`, in exact arithmetic.
 *
 * @example
 * ```ts
 * const mask = createMask([1, 0, 0, 1, 0, 0, 1, 1, 1], [3, 3]);
 * convexHullImage(mask).data; // [1, 0, 0, 1, 1, 0, 1, 1, 1]
 * ```
 */
export function convexHullImage(mask: Mask, options: ConvexHullImageOptions = {}): Mask {
  requireMask('mask', mask);
  requireKnownOptions('convexHullImage', options, ['of', 'connectivity']);
  const { of = 'image', connectivity = 8 } = options;
  requireOneOf('of', of, ['image', 'objects']);
  requireConnectivity(connectivity);
  const [height, width] = mask.shape as [number, number];
  const { data } = contiguous(mask);
  const above = Uint8Array.from(data, (value) => (value > 0 ? 1 : 0));
  const ids = of === 'image' ? Int32Array.from(above) : components(above, height, width, connectivity).ids;
  const table = regionTable(ids, height, width, 0);
  const extents = roomForExtents(height);
  const builder = new HullBuilder();
  const result = createMask(undefined, [height, width]);
  for (let i = 0; i < table.count; i++) {
    const top = table.minRow[i]!;
    const rows = writeExtents(table, i, extents);
    pixelsOf(builder.build(extents, rows, 'edges'), rows, extents);
    for (let row = 0; row < rows; row++) {
      const start = (top + row) * width;
      result.data.fill(1, start + extents.first[row]!, start + extents.last[row]! + 1);
    }
  }
  return result;
}
