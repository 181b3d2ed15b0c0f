import { contiguous, createMask } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, requireNumber, show } from '../core/check.js';
import type { ProbabilityMap } from '../core/types.js';
import { label } from '../morphology/label.js';
import { removeSmallObjects } from '../morphology/removeSmallObjects.js';
import { type MeasureParticlesOptions, measureParticles } from './measureParticles.js';
import type { Particle } from './particle.js';
import { summarizeSizes } from './summarizeSizes.js';

/** Mean and median under a lower, the middle and an upper assumption. */
export interface SizeUncertainty {
  /** Mean diameter where particles are as small as they may be, as measured, and as large. */
  readonly mean: readonly [low: number, value: number, high: number];
  /** Median diameter (D50) likewise. */
  readonly d50: readonly [low: number, value: number, high: number];
}

/** Options of {@link boundaryUncertainty}. */
export interface BoundaryUncertaintyOptions {
  /** How far the outline may be off, in pixels, either way. @defaultValue 0.5 */
  readonly shift?: number;
}

/**
 * Carries an uncertainty of the outlines to mean and median: all outlines move in or out by part of a pixel, which changes
 * each area by perimeter times shift, and pi times its square (Steiner's formula: exact for discs both ways, for convex
 * particles outwards). What is thinner than the shift is gone. This is the systematic part, the same for all particles; more
 * particles do not lessen it.
 *
 * @param particles - of {@link measureParticles}.
 * @throws RangeError where `shift` is negative.
 *
 * @example
 * ```ts
 * const particles = measureParticles(createLabels(new Int32Array(400).fill(1), [20, 20]));
 * const { mean } = boundaryUncertainty(particles);
 * mean[0] < mean[1] && mean[1] < mean[2]; // true
 * ```
 */
export function boundaryUncertainty(
  particles: readonly Particle[],
  options: BoundaryUncertaintyOptions = {},
): SizeUncertainty {
  requireKnownOptions('boundaryUncertainty', options, ['shift']);
  const { shift = 0.5 } = options;
  requireNumber('shift', shift, { min: 0 });
  if (!Array.isArray(particles as unknown)) throw new TypeError(`particles must be an array, got ${show(particles)}.`);
  const shifted = (sign: number) =>
    particles.map((particle) => {
      const by = shift * Math.sqrt(particle.area / particle.numPixels);
      const area = sign > 0 ? grown(particle, by) : shrunk(particle, by);
      return { ...particle, equivalentDiameter: Math.sqrt((4 * area) / Math.PI) };
    });
  return spanOf([shifted(-1), particles, shifted(1)]);
}

/** Options of {@link probabilityUncertainty}; those of {@link measureParticles} apply too. */
export interface ProbabilityUncertaintyOptions extends Omit<MeasureParticlesOptions, 'intensity'> {
  /** Probability above which a pixel is particle. @defaultValue 0.5 */
  readonly threshold?: number;
  /** Pixels whose probability is within this of the threshold may be either. @defaultValue 0.25 */
  readonly margin?: number;
  /** Objects of fewer pixels are left out. @defaultValue 0 */
  readonly minSize?: number;
}

/**
 * Carries the uncertainty of a probability map to mean and median: particles are cut out at the threshold, and at the
 * threshold plus and less a margin.
 *
 * @param probability - probability of being particle, `[height, width]`.
 * @throws RangeError where threshold and margin leave 0..1.
 *
 * @example
 * ```ts
 * const map = createProbabilityMap(new Float32Array([0, 0.4, 0.9, 0.9, 0.4, 0]), [1, 6]);
 * const { d50 } = probabilityUncertainty(map);
 * d50[1] < d50[2]; // true
 * ```
 */
export function probabilityUncertainty(
  probability: ProbabilityMap,
  options: ProbabilityUncertaintyOptions = {},
): SizeUncertainty {
  const { threshold = 0.5, margin = 0.25, minSize = 0, ...measure } = options;
  if (probability?.shape?.length !== 2 || !(probability.data instanceof Float32Array)) {
    throw new TypeError(`probability must be a map of shape [height, width], got ${show(probability)}.`);
  }
  requireNumber('threshold', threshold, { above: 0, below: 1 });
  requireNumber('margin', margin, { min: 0, max: Math.min(threshold, 1 - threshold) });
  requireInteger('minSize', minSize, { min: 0 });
  const { data } = contiguous(probability);
  const at = (level: number) => {
    const mask = createMask(
      Uint8Array.from(data, (value) => (value > level ? 1 : 0)),
      [...probability.shape],
    );
    return measureParticles(label(minSize > 0 ? removeSmallObjects(mask, { minSize }) : mask), measure);
  };
  return spanOf([at(threshold + margin), at(threshold), at(threshold - margin)]);
}

function grown(particle: Particle, by: number): number {
  return particle.area + by * outlineOf(particle) + Math.PI * by * by;
}

function shrunk(particle: Particle, by: number): number {
  const outline = outlineOf(particle);
  // From this distance on nothing is left.
  const inner = (outline - Math.sqrt(Math.max(0, outline * outline - 4 * Math.PI * particle.area))) / (2 * Math.PI);
  return by >= inner ? 0 : particle.area - by * outline + Math.PI * by * by;
}

/** The perimeter, at least that of a disc: that of a few pixels may be measured shorter, or as 0. */
function outlineOf({ perimeter, area }: Particle): number {
  return Math.max(perimeter, 2 * Math.sqrt(Math.PI * area));
}

function spanOf(sets: ReadonlyArray<readonly Particle[]>): SizeUncertainty {
  const [low, middle, high] = sets.map((set) => summarizeSizes(set));
  return { mean: [low!.mean, middle!.mean, high!.mean], d50: [low!.d50, middle!.d50, high!.d50] };
}
