import { requireInteger, requireKnownOptions, requireNumber, show } from '../core/check.js';
import { type SizeMeasure, sizesOf } from './diameters.js';
import type { ParticleTracks } from './trackParticles.js';

/** Options of {@link sizeCurves}. */
export interface SizeCurvesOptions {
  /** Which length of a particle is its size. @defaultValue 'equivalentDiameter' */
  readonly measure?: SizeMeasure;
  /** Time of each frame. By default its number. */
  readonly times?: ArrayLike<number>;
  /** Tracks of fewer particles are left out. @defaultValue 1 */
  readonly minLength?: number;
}

/** The size of a particle over time. */
export interface SizeCurve {
  /** Number of its track. */
  readonly id: number;
  /** When it was seen. */
  readonly times: Float64Array;
  /** Its size at each of these times, in the unit of the particles. */
  readonly sizes: Float64Array;
  /** Slope of the line through both by least squares, size per unit of time; `NaN` of a single time. */
  readonly rate: number;
}

/**
 * Returns how the size of each tracked particle changes, one curve a track.
 *
 * @param tracked - what {@link trackParticles} found.
 * @throws RangeError where there are fewer times than frames.
 *
 * @example
 * ```ts
 * const frame = (side: number) => measureParticles(createLabels(new Int32Array(side * side).fill(1), [side, side]));
 * const tracked = trackParticles([frame(4), frame(5), frame(6)], { maxDistance: 2 });
 * const [curve] = sizeCurves(tracked, { times: [0, 10, 20] });
 * curve.rate; // 0.1128379
 * ```
 */
export function sizeCurves(tracked: ParticleTracks, options: SizeCurvesOptions = {}): SizeCurve[] {
  requireKnownOptions('sizeCurves', options, ['measure', 'times', 'minLength']);
  const { measure = 'equivalentDiameter', times, minLength = 1 } = options;
  requireInteger('minLength', minLength, { min: 1 });
  if (!Array.isArray(tracked?.tracks as unknown)) {
    throw new TypeError(`tracked must be what trackParticles returns, got ${show(tracked)}.`);
  }
  const timeOf = (frame: number) => {
    if (times === undefined) return frame;
    if (frame >= times.length)
      throw new RangeError(`times must be one a frame, more than ${frame}, got ${times.length}.`);
    requireNumber(`times[${frame}]`, times[frame]);
    return times[frame]!;
  };
  return tracked.tracks
    .filter(({ particles }) => particles.length >= minLength)
    .map(({ id, start, particles }) => {
      const seen = Float64Array.from(particles, (_, k) => timeOf(start + k));
      const sizes = sizesOf(particles, measure);
      return { id, times: seen, sizes, rate: slopeOf(seen, sizes) };
    });
}

function slopeOf(x: Float64Array, y: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, height] = [mean(x), mean(y)];
  let [xx, xy] = [0, 0];
  x.forEach((value, i) => {
    xx += (value - middle) ** 2;
    xy += (value - middle) * (y[i]! - height);
  });
  return xx === 0 ? Number.NaN : xy / xx;
}
