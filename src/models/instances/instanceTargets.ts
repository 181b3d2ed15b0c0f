import { contiguous, createMask, createProbabilityMap } from '../../core/arrays.js';
import { requireInteger, requireKnownOptions, requireLabels } from '../../core/check.js';
import type { Labels, Mask, ProbabilityMap } from '../../core/types.js';

/** Options of {@link boundaryTarget}. */
export interface BoundaryTargetOptions {
  /** Pixels from the edge of an object that count as its rim. @defaultValue 1 */
  readonly width?: number;
}

/**
 * Returns the classes that a network of `representation: 'boundary'` learns: 0 background, 1 inside of an object, 2 its
 * rim, the pixels within `width` steps of 8 neighbours from another object or the background. Where two objects touch,
 * both have a rim; the edge of the image is none.
 *
 * @throws TypeError or RangeError for labels that are none.
 *
 * @example
 * ```ts
 * const labels = createLabels([1, 1, 1, 2, 2, 2, 0, 0], [1, 8]);
 * boundaryTarget(labels).data; // [1, 1, 2, 2, 1, 2, 0, 0]
 * ```
 */
export function boundaryTarget(labels: Labels, options: BoundaryTargetOptions = {}): Mask {
  requireLabels('labels', labels);
  requireKnownOptions('boundaryTarget', options, ['width']);
  const { width: rim = 1 } = options;
  requireInteger('width', rim, { min: 1 });
  const [height, width] = labels.shape as [number, number];
  const { data } = contiguous(labels);
  const depth = depths(data, height, width);
  const classes = Uint8Array.from(data, (id, i) => (id === 0 ? 0 : depth[i]! <= rim ? 2 : 1));
  return createMask(classes, [height, width]);
}

/**
 * Returns what a network of `representation: 'distance'` learns, `[height, width, 2]`: whether a pixel belongs to an
 * object, and how deep it lies in it, in steps of 8 neighbours from the edge of the object, divided by the object's
 * greatest depth.
 *
 * @throws TypeError or RangeError for labels that are none.
 *
 * @example
 * ```ts
 * const labels = createLabels([0, 1, 1, 1, 0], [1, 5]);
 * distanceTarget(labels).data; // Float32Array [0, 0, 1, 0.5, 1, 1, 1, 0.5, 0, 0]
 * ```
 */
export function distanceTarget(labels: Labels): ProbabilityMap {
  requireLabels('labels', labels);
  const [height, width] = labels.shape as [number, number];
  const { data } = contiguous(labels);
  const depth = depths(data, height, width);
  const deepest = new Map<number, number>();
  data.forEach((id, i) => {
    deepest.set(id, Math.max(deepest.get(id) ?? 0, depth[i]!));
  });
  const result = new Float32Array(2 * data.length);
  data.forEach((id, i) => {
    if (id === 0) return;
    result[2 * i] = 1;
    result[2 * i + 1] = depth[i]! / deepest.get(id)!;
  });
  return createProbabilityMap(result, [height, width, 2]);
}

/** Steps of 8 neighbours to the nearest pixel of another id, 1 at the rim, in two sweeps; beyond the image is no id. */
function depths(ids: Int32Array, height: number, width: number): Int32Array {
  const depth = new Int32Array(ids.length).fill(height + width);
  const look = (y: number, x: number, dy: number, dx: number): void => {
    const [ny, nx] = [y + dy, x + dx];
    if (ny < 0 || nx < 0 || ny >= height || nx >= width) return;
    const [here, there] = [y * width + x, ny * width + nx];
    const steps = ids[here] === ids[there] ? depth[there]! + 1 : 1;
    if (steps < depth[here]!) depth[here] = steps;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      look(y, x, -1, -1);
      look(y, x, -1, 0);
      look(y, x, -1, 1);
      look(y, x, 0, -1);
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      look(y, x, 1, 1);
      look(y, x, 1, 0);
      look(y, x, 1, -1);
      look(y, x, 0, 1);
    }
  }
  return depth;
}
