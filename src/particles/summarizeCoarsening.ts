import { requireKnownOptions, requireNumber, show } from '../core/check.js';
import { weightedSizesOf } from './diameters.js';
import { requireOneUnit } from './oneUnit.js';
import type { Particle } from './particle.js';
import { weightedMean } from './weightedStatistics.js';

/** Options of {@link summarizeCoarsening}. */
export interface SummarizeCoarseningOptions {
  /** Time of each frame. By default its number. */
  readonly times?: ArrayLike<number>;
}

/** How particles coarsen. */
export interface CoarseningSummary {
  /** Time of each frame. */
  readonly times: Float64Array;
  /** Number of particles in each. */
  readonly counts: Float64Array;
  /** Their mean radius, half the equivalent diameter, in the unit of the particles, by their weights where they have some; `NaN` without particles. */
  readonly meanRadius: Float64Array;
  /** Its cube. */
  readonly meanRadiusCubed: Float64Array;
  /** Slope of the line through (time, cube of the mean radius): the rate constant of Lifshitz, Slyozov and Wagner. */
  readonly rate: number;
  /** Standard error of the slope; `NaN` for fewer than three frames. */
  readonly rateError: number;
  /** The cube of the mean radius at time 0 by that line. */
  readonly intercept: number;
  /** Share of the variance that the line explains. */
  readonly rSquared: number;
}

/**
 * Fits the law of diffusion-limited coarsening, mean radius cubed against time (Lifshitz and Slyozov 1961, Wagner 1961), to
 * the particles of a film.
 *
 * @param frames - the particles of each frame, of {@link measureParticles}.
 * @throws RangeError for times that are not one a frame, or fewer than two frames with particles.
 *
 * @example
 * ```ts
 * const square = (side: number) => measureParticles(createLabels(new Int32Array(side * side).fill(1), [side, side]));
 * summarizeCoarsening([square(4), square(5), square(6)]).rate > 0; // true
 * ```
 */
export function summarizeCoarsening(
  frames: ReadonlyArray<readonly Particle[]>,
  options: SummarizeCoarseningOptions = {},
): CoarseningSummary {
  requireKnownOptions('summarizeCoarsening', options, ['times']);
  if (!Array.isArray(frames as unknown)) throw new TypeError(`frames must be an array, got ${show(frames)}.`);
  const times = Float64Array.from(options.times ?? frames.map((_, i) => i));
  if (times.length !== frames.length) {
    throw new RangeError(`times must be one a frame, ${frames.length}, got ${times.length}.`);
  }
  times.forEach((time, i) => {
    requireNumber(`times[${i}]`, time);
  });
  requireOneUnit('frames', frames);
  const counts = Float64Array.from(frames, (frame) => frame.length);
  const meanRadius = Float64Array.from(frames, (frame) => {
    const { sorted, weights } = weightedSizesOf(frame, 'equivalentDiameter');
    return weightedMean(sorted, weights) / 2;
  });
  const meanRadiusCubed = meanRadius.map((radius) => radius ** 3);
  const used = Array.from(times.keys()).filter((i) => counts[i]! > 0);
  if (used.length < 2) throw new RangeError(`frames must hold particles at two times or more, got ${used.length}.`);
  const mean = (values: Float64Array) => used.reduce((sum, i) => sum + values[i]!, 0) / used.length;
  const time = mean(times);
  const cube = mean(meanRadiusCubed);
  let tt = 0;
  let tc = 0;
  let cc = 0;
  for (const i of used) {
    tt += (times[i]! - time) ** 2;
    tc += (times[i]! - time) * (meanRadiusCubed[i]! - cube);
    cc += (meanRadiusCubed[i]! - cube) ** 2;
  }
  if (tt === 0) throw new RangeError(`times must differ, got ${time} only.`);
  const rate = tc / tt;
  const rest = Math.max(0, cc - rate * tc);
  return {
    times,
    counts,
    meanRadius,
    meanRadiusCubed,
    rate,
    rateError: used.length > 2 ? Math.sqrt(rest / (used.length - 2) / tt) : Number.NaN,
    intercept: cube - rate * time,
    rSquared: cc === 0 ? 1 : 1 - rest / cc,
  };
}
