import { requireInteger, requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import { nearestNeighbors } from './nearestNeighbors.js';
import { type Positions, positionsOf, visitPairs } from './points.js';

/** The frame in which particles were looked for, in the unit of their positions. */
export interface Frame {
  /** Rows times the size of a pixel. */
  readonly height: number;
  /** Columns times the size of a pixel. */
  readonly width: number;
}

/** Options of {@link spatialStatistics}. */
export interface SpatialStatisticsOptions {
  /** The frame. */
  readonly frame: Frame;
  /** Largest distance of the curves. By default a quarter of the shorter side. */
  readonly maxDistance?: number;
  /** Number of steps of the curves. @defaultValue 50 */
  readonly bins?: number;
  /**
   * `'translation'` counts each pair as often as its step fits into the frame (Ohser 1983); `'none'` takes what lies beyond
   * the frame for empty. @defaultValue 'translation'
   */
  readonly edgeCorrection?: 'translation' | 'none';
}

/** How particles lie in their frame. */
export interface SpatialStatistics {
  /** Particles per unit of area; those with a `weight` count so often, which takes the bias of leaving out cut ones. */
  readonly numberDensity: number;
  /** Share of the frame that particles cover, weighted likewise; `NaN` for plain points. */
  readonly areaFraction: number;
  /** Distances to the nearest neighbours. */
  readonly nearest: Float64Array;
  /**
   * Their mean over that of points strewn at random, 1 / (2 sqrt(density)) (Clark and Evans 1954): below 1 clustered, above 1
   * evenly spaced; `NaN` below two points. With edge correction, points nearer to the border than to their neighbour are left
   * out, and each of the others counts by the inverse of the area in which it would not have been (Hanisch 1984).
   */
  readonly clarkEvans: number;
  /** Upper ends of the steps of distance. */
  readonly distances: Float64Array;
  /** Radial distribution function g(r) in each step: density of neighbours at that distance over the mean density; `NaN` below two points. */
  readonly pairCorrelation: Float64Array;
  /** Ripley's K at each distance: mean number of neighbours within it over the density; pi r ^ 2 at random, `NaN` below two points. */
  readonly ripleyK: Float64Array;
}

/**
 * Describes how particles lie: density, nearest neighbours, radial distribution function and Ripley's K.
 *
 * @param positions - particles of {@link measureParticles}, or points `[row, column]`.
 * @throws RangeError where a position lies beyond the frame.
 *
 * @example
 * ```ts
 * const points = [[1, 1], [1, 3], [3, 1], [3, 3]] as const;
 * const { numberDensity, clarkEvans } = spatialStatistics(points, { frame: { height: 4, width: 4 }, edgeCorrection: 'none' });
 * numberDensity; // 0.25
 * clarkEvans; // 2
 * ```
 */
export function spatialStatistics(positions: Positions, options: SpatialStatisticsOptions): SpatialStatistics {
  requireKnownOptions('spatialStatistics', options, ['frame', 'maxDistance', 'bins', 'edgeCorrection']);
  const { frame, bins = 50, edgeCorrection = 'translation' } = options;
  requireKnownOptions('frame', frame, ['height', 'width']);
  requireNumber('frame.height', frame.height, { above: 0 });
  requireNumber('frame.width', frame.width, { above: 0 });
  const { height, width } = frame;
  const { maxDistance = Math.min(height, width) / 4 } = options;
  requireNumber('maxDistance', maxDistance, { above: 0, max: Math.min(height, width) });
  requireInteger('bins', bins, { min: 1, max: 100_000 });
  requireOneOf('edgeCorrection', edgeCorrection, ['translation', 'none']);
  const { rows, columns } = positionsOf('positions', positions);
  const count = rows.length;
  for (let i = 0; i < count; i++) {
    if (rows[i]! < 0 || rows[i]! > height || columns[i]! < 0 || columns[i]! > width) {
      throw new RangeError(
        `positions must lie in the frame, ${height} x ${width}, got ${show([rows[i], columns[i]])} at index ${i}.`,
      );
    }
  }
  const area = height * width;
  const density = count / area;
  const corrected = edgeCorrection === 'translation';
  const weights = new Float64Array(bins);
  const step = maxDistance / bins;
  visitPairs(rows, columns, maxDistance, (i, j, distance) => {
    const room = corrected
      ? (height - Math.abs(rows[i]! - rows[j]!)) * (width - Math.abs(columns[i]! - columns[j]!))
      : area;
    weights[Math.max(0, Math.ceil(distance / step) - 1)]! += area / room;
  });
  const ripleyK = new Float64Array(bins);
  const pairCorrelation = new Float64Array(bins);
  let sum = 0;
  for (let k = 0; k < bins; k++) {
    sum += weights[k]!;
    // By the number of other particles, so that points strewn at random have pi r^2 whatever their number.
    ripleyK[k] = corrected ? (sum * area) / (count * (count - 1)) : sum / (count * density);
    const ring = Math.PI * step * step * (2 * k + 1);
    pairCorrelation[k] = corrected
      ? (weights[k]! * area) / (count * (count - 1) * ring)
      : weights[k]! / (count * density * ring);
  }
  const nearest = nearestNeighbors(positions);
  const times = (i: number) => (positions[i] as { weight?: number }).weight ?? 1;
  let number = 0;
  let covered = 0;
  positions.forEach((one, i) => {
    number += times(i);
    covered += times(i) * ('area' in one ? one.area : Number.NaN);
  });
  return {
    numberDensity: number / area,
    areaFraction: covered / area,
    nearest,
    clarkEvans: 2 * Math.sqrt(density) * meanNearest(nearest, rows, columns, frame, corrected),
    distances: Float64Array.from({ length: bins }, (_, k) => (k + 1) * step),
    pairCorrelation,
    ripleyK,
  };
}

/** The mean distance to the nearest neighbour; `NaN` where there is none. */
function meanNearest(
  nearest: Float64Array,
  rows: Float64Array,
  columns: Float64Array,
  { height, width }: Frame,
  corrected: boolean,
): number {
  let sum = 0;
  let total = 0;
  nearest.forEach((distance, i) => {
    if (distance === Number.POSITIVE_INFINITY) return;
    if (!corrected) {
      sum += distance;
      total++;
      return;
    }
    const border = Math.min(rows[i]!, columns[i]!, height - rows[i]!, width - columns[i]!);
    // A point in the very middle of a band has no room at all: it would count without end.
    const room = (height - 2 * distance) * (width - 2 * distance);
    if (distance > border || room <= 0) return;
    sum += distance / room;
    total += 1 / room;
  });
  return sum / total;
}
