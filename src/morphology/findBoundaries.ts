import { contiguous, createMask } from '../core/arrays.js';
import { requireKnownOptions, requireOneOf } from '../core/check.js';
import type { Labels, Mask } from '../core/types.js';
import { type Connectivity, requireConnectivity } from './components.js';
import { requireMaskOrLabels } from './objects.js';

/** Options of {@link findBoundaries}. */
export interface FindBoundariesOptions {
  /**
   * `'thick'` marks pixels on both sides, `'inner'` those of regions alone, `'outer'` those of the background beside
   * regions, and where regions touch both sides. @defaultValue 'thick'
   */
  readonly mode?: 'thick' | 'inner' | 'outer';
  /** Which neighbours of another value make a boundary: 4 or 8. @defaultValue 4 */
  readonly connectivity?: Connectivity;
}

/**
 * Marks (1) the pixels at which regions begin or end. Equal to scikit-image's `find_boundaries`.
 *
 * @throws RangeError for another mode.
 *
 * @example
 * ```ts
 * const labels = createLabels([0, 0, 1, 1, 1, 0], [1, 6]);
 * findBoundaries(labels).data; // [0, 1, 1, 0, 1, 1]
 * findBoundaries(labels, { mode: 'inner' }).data; // [0, 0, 1, 0, 1, 0]
 * ```
 */
export function findBoundaries(maskOrLabels: Mask | Labels, options: FindBoundariesOptions = {}): Mask {
  requireMaskOrLabels(maskOrLabels);
  requireKnownOptions('findBoundaries', options, ['mode', 'connectivity']);
  const { mode = 'thick', connectivity = 4 } = options;
  requireOneOf('mode', mode, ['thick', 'inner', 'outer']);
  requireConnectivity(connectivity);
  const [height, width] = maskOrLabels.shape as [number, number];
  const data: Uint8Array | Int32Array = contiguous<Uint8Array | Int32Array>(maskOrLabels).data;
  const result = createMask(undefined, [height, width]);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const id = data[at]!;
      if (mode === 'inner' && id === 0) continue;
      let differs = false;
      // Beside another region, corners counted: an outer boundary lies within regions there.
      let touches = false;
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          const other = data[y * width + x]!;
          if (other === id) continue;
          if (connectivity === 8 || y === row || x === column) differs = true;
          if (other !== 0) touches = true;
        }
      }
      result.data[at] = differs && (mode !== 'outer' || id === 0 || touches) ? 1 : 0;
    }
  }
  return result;
}
