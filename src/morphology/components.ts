import { requireOneOf } from '../core/check.js';
import { giveBackRuns, paintRuns, runUnion } from './runUnion.js';

/**
 * Which pixels touch: the 4 that share an edge with a pixel, or the 8 that share an edge or a corner. scikit-image calls
 * them 1 and 2.
 */
export type Connectivity = 4 | 8;

/** Throws unless `value` is 4 or 8. */
export function requireConnectivity(value: unknown): asserts value is Connectivity {
  requireOneOf('connectivity', value, [4, 8]);
}

/** Connected components: an id per pixel, 1 to `count` in raster order of their first pixels, 0 = background. */
export interface Components {
  readonly ids: Int32Array;
  readonly count: number;
}

/** Labels the connected components of equal, non-zero values in row-major data. */
export function components(
  data: Uint8Array | Int32Array,
  height: number,
  width: number,
  connectivity: Connectivity,
): Components {
  const runs = runUnion(data, height, width, connectivity);
  const ids = new Int32Array(height * width);
  paintRuns(runs, ids, height, width, false);
  giveBackRuns(runs);
  return { ids, count: runs.total };
}
