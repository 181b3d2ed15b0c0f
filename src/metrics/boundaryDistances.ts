import { contiguous } from '../core/arrays.js';
import { pixelEdges } from '../core/calibration.js';
import { requireInteger, requireKnownOptions, requireMask, requireOneOf, requireSameSize } from '../core/check.js';
import type { Calibration, LengthUnit, Mask } from '../core/types.js';
import { nearestDistances } from './nearestDistances.js';
import { type DistanceMetric, stepDistances } from './stepDistances.js';

/** How far the boundaries of two masks lie apart; see {@link boundaryDistances}. */
export interface BoundaryDistances {
  /** Distance of every boundary pixel of the target to the nearest of the prediction. */
  readonly targetToPredicted: Float64Array;
  /** Distance of every boundary pixel of the prediction to the nearest of the target. */
  readonly predictedToTarget: Float64Array;
  /** The unit of the distances. */
  readonly unit: LengthUnit;
}

/** Options of {@link boundaryDistances}. */
export interface BoundaryDistancesOptions {
  /** The class whose boundary it is. @defaultValue 1 */
  readonly classId?: number;
  /** Size of a pixel, for distances in physical units. @defaultValue 1 px */
  readonly calibration?: Calibration;
  /** A boundary pixel touches the outside by an edge (4), or by an edge or a corner (8). @defaultValue 4 */
  readonly connectivity?: 4 | 8;
  /** What distances are measured by; other than `'euclidean'` in pixels only. @defaultValue 'euclidean' */
  readonly metric?: DistanceMetric;
}

/**
 * Returns the distances between the boundaries of one class in two masks, in both directions: what
 * {@link hausdorffDistance}, {@link averageSurfaceDistance}, {@link surfaceDice} and {@link boundaryF1} are read from. The
 * boundary are the pixels of the class that touch another or the border of the image (MedPy, MONAI). Distances to an
 * empty mask are infinite.
 *
 * @throws RangeError or TypeError where the masks differ in size, or for bad options.
 *
 * @example
 * ```ts
 * const target = createMask([0, 1, 0, 0], [1, 4]);
 * const predicted = createMask([0, 0, 0, 1], [1, 4]);
 * const calibration = { pixelSize: 0.5, unit: 'nm' };
 * boundaryDistances(target, predicted, { calibration }).targetToPredicted; // [1]
 * ```
 */
export function boundaryDistances(
  target: Mask,
  predicted: Mask,
  options: BoundaryDistancesOptions = {},
): BoundaryDistances {
  requireMask('target', target);
  requireMask('predicted', predicted);
  requireSameSize('predicted', predicted, 'target', target);
  requireKnownOptions('boundaryDistances', options, ['classId', 'calibration', 'connectivity', 'metric']);
  const { classId = 1, calibration, connectivity = 4, metric = 'euclidean' } = options;
  requireInteger('classId', classId, { min: 0, max: 255 });
  requireOneOf('connectivity', connectivity, [4, 8]);
  requireOneOf('metric', metric, ['euclidean', 'chessboard', 'taxicab']);
  if (calibration !== undefined && metric !== 'euclidean') {
    throw new RangeError(`calibration must not be given with metric '${metric}', which counts pixels.`);
  }
  const edges = calibration === undefined ? ({ row: 1, column: 1, unit: 'px' } as const) : pixelEdges(calibration);
  const [height, width] = target.shape as [number, number];
  const rims = [target, predicted].map((mask) => rimOf(contiguous(mask).data, height, width, classId, connectivity));
  const [truth, guess] = rims as [Uint8Array, Uint8Array];
  // Rows without a boundary matter to nothing.
  const top = Math.floor(Math.max(0, Math.min(truth.indexOf(1), guess.indexOf(1))) / width);
  const bottom = Math.floor(Math.max(truth.lastIndexOf(1), guess.lastIndexOf(1)) / width) + 1;
  const rows = (rim: Uint8Array): Uint8Array => rim.subarray(top * width, bottom * width);
  const between = (from: Uint8Array, to: Uint8Array): Float64Array => {
    if (metric === 'euclidean') return nearestDistances(rows(from), rows(to), bottom - top, width, edges);
    const map = stepDistances(rows(to), bottom - top, width, metric);
    return map.filter((_, i) => rows(from)[i] === 1);
  };
  return { targetToPredicted: between(truth, guess), predictedToTarget: between(guess, truth), unit: edges.unit };
}

/** 1 at the pixels of a class that touch another or the border of the image. */
function rimOf(data: Uint8Array, height: number, width: number, classId: number, connectivity: 4 | 8): Uint8Array {
  const rim = new Uint8Array(data.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (data[i] !== classId) continue;
      const within =
        y > 0 &&
        y < height - 1 &&
        x > 0 &&
        x < width - 1 &&
        data[i - width] === classId &&
        data[i - 1] === classId &&
        data[i + 1] === classId &&
        data[i + width] === classId &&
        (connectivity === 4 ||
          (data[i - width - 1] === classId &&
            data[i - width + 1] === classId &&
            data[i + width - 1] === classId &&
            data[i + width + 1] === classId));
      if (!within) rim[i] = 1;
    }
  }
  return rim;
}
