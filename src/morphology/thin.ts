import { requireInteger, requireKnownOptions, requireMask } from '../core/check.js';
import type { Mask } from '../core/types.js';
import { neighbours, peel } from './thinning.js';

/** Options of {@link thin}. */
export interface ThinOptions {
  /** How often both passes run; without it, until nothing changes. */
  readonly maxIterations?: number;
}

/**
 * Returns a thinned mask: each iteration takes a layer off the foreground (any class above 0) without breaking it (Guo
 * and Hall 1989). Equal to scikit-image's `thin`.
 *
 * @throws RangeError where `maxIterations` is no integer of 0 or more.
 *
 * @example
 * ```ts
 * const bar = createMask([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [3, 5]);
 * thin(bar).data; // [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]
 * ```
 */
export function thin(mask: Mask, options: ThinOptions = {}): Mask {
  requireMask('mask', mask);
  requireKnownOptions('thin', options, ['maxIterations']);
  const { maxIterations } = options;
  if (maxIterations !== undefined) requireInteger('maxIterations', maxIterations, { min: 0 });
  return peel(mask, guoHall(), maxIterations ?? Number.POSITIVE_INFINITY);
}

/** Which neighbourhoods are taken in the first and the second pass. */
function guoHall(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, bits) => {
    const p = neighbours(bits) as [boolean, boolean, boolean, boolean, boolean, boolean, boolean, boolean];
    const [n, ne, e, se, s, sw, w, nw] = p;
    const pieces = [!n && (ne || e), !e && (se || s), !s && (sw || w), !w && (nw || n)].filter(Boolean).length;
    const forward = [nw || n, ne || e, se || s, sw || w].filter(Boolean).length;
    const backward = [n || ne, e || se, s || sw, w || nw].filter(Boolean).length;
    const least = Math.min(forward, backward);
    if (pieces !== 1 || least < 2 || least > 3) return 0;
    const first = !((n || ne || !se) && e);
    const second = !((s || sw || !nw) && w);
    return (first ? 1 : 0) + (second ? 2 : 0);
  });
}
