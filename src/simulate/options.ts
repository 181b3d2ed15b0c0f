import {
  requireInteger,
  requireKnownOptions,
  requireNumber,
  requireOneOf,
  requireProbability,
  show,
} from '../core/check.js';
import { Random, type Seed } from '../core/random.js';
import type { ParticleShape } from './outline.js';

/** Dark field shows heavy particles bright on a darker support (HAADF-STEM), bright field shows them dark. */
export type MicrographMode = 'darkField' | 'brightField';

/** Options of {@link simulateMicrograph}. Lengths are in nm where the text says so, else in pixels. */
export interface SimulateMicrographOptions {
  /** Seed or generator; a generator is not advanced, so that it gives the same picture again (see `Random.split`). */
  readonly seed: Seed;
  /** Rows, 32 or more. @defaultValue 256 */
  readonly height?: number;
  /** Columns, 32 or more. @defaultValue 256 */
  readonly width?: number;
  /** Edge of a pixel in nm. @defaultValue 0.2 */
  readonly pixelSize?: number;
  /** Bright particles or dark ones. @defaultValue 'darkField' */
  readonly mode?: MicrographMode;
  /** Sample type of the image: full scale is 255, 65535 or 1. @defaultValue 'uint8' */
  readonly dtype?: 'uint8' | 'uint16' | 'float32';
  /** Median of the log-normal diameters in nm. @defaultValue 4 */
  readonly diameterMedian?: number;
  /** Geometric standard deviation of the diameters, 1 for equal ones. @defaultValue 1.15 */
  readonly diameterGeometricSd?: number;
  /** Diameters outside this range in nm are drawn again. @defaultValue from 7 pixels to half the shorter side */
  readonly diameterRange?: readonly [min: number, max: number];
  /** Expected share of the support that particles cover, 0 to 0.4. @defaultValue 0.15 */
  readonly coverage?: number;
  /** Instead of `coverage`: so many particles, with their centres inside the frame. */
  readonly count?: number;
  /** Relative frequency of each shape. @defaultValue `{ sphere: 3, truncatedOctahedron: 1, hexagon: 1, pentagon: 1 }` */
  readonly shapes?: Readonly<Partial<Record<ParticleShape, number>>>;
  /** Rounding of the corners of faceted shapes: 0 sharp, 1 a disc. @defaultValue 0.4 */
  readonly roundness?: number;
  /** Least distance between two particles that do not touch, in pixels, 2 or more. @defaultValue 3 */
  readonly gap?: number;
  /** Share of the particles that are set against another one, as far as there is room, overlapping it by one pixel. @defaultValue 0 */
  readonly touching?: number;
  /** Strength of the particles' contrast, 0.1 to 2. @defaultValue 1 */
  readonly contrast?: number;
  /** Relative standard deviation of the contrast from particle to particle. @defaultValue 0.12 */
  readonly contrastSpread?: number;
  /** How far the signal follows the thickness: 0 flat, 1 proportional. @defaultValue 0.5 */
  readonly thicknessContrast?: number;
  /** Slow unevenness of the support (relative standard deviation). @defaultValue 0.18 */
  readonly unevenness?: number;
  /** Fine texture of the support (relative standard deviation). @defaultValue 0.1 */
  readonly texture?: number;
  /** A support over the whole frame, or one that ends at a wavy edge with vacuum beyond. @defaultValue 'full' */
  readonly support?: 'full' | 'edge';
  /** Standard deviation of the probe in pixels. @defaultValue 0.8 */
  readonly blur?: number;
  /** Share of the particles that lie out of focus. @defaultValue 0.15 */
  readonly defocused?: number;
  /** Further blur of these, standard deviation in pixels. @defaultValue 1.2 */
  readonly defocusBlur?: number;
  /** Electrons a pixel at full scale, for Poisson noise; `Infinity` for none. @defaultValue 300 */
  readonly dose?: number;
  /** Standard deviation of the readout noise as a share of full scale. @defaultValue 0.01 */
  readonly readoutNoise?: number;
  /** Standard deviation of the shift of each scan line in pixels; mean 0, and not part of the labels. @defaultValue 0.2 */
  readonly jitter?: number;
  /** Largest sideways drift from the first to the last row in pixels, either way; part of the labels. @defaultValue 1 */
  readonly drift?: number;
}

/** Checked options with every default filled in. */
export interface Settings extends Required<Omit<SimulateMicrographOptions, 'seed' | 'count' | 'shapes'>> {
  readonly random: Random;
  readonly count: number | undefined;
  readonly shapes: readonly ParticleShape[];
  readonly shapeWeights: readonly number[];
}

const SHAPES: readonly ParticleShape[] = ['sphere', 'truncatedOctahedron', 'hexagon', 'pentagon'];

const NAMES = [
  'seed, height, width, pixelSize, mode, dtype, diameterMedian, diameterGeometricSd, diameterRange, coverage, count',
  'shapes, roundness, gap, touching, contrast, contrastSpread, thicknessContrast, unevenness, texture, support, blur',
  'defocused, defocusBlur, dose, readoutNoise, jitter, drift',
] as const;

/** The names of the options of `simulateMicrograph`. */
export function optionNames(): readonly string[] {
  return NAMES.flatMap((line) => line.split(', '));
}

/** Checks the options and fills in the defaults. */
export function readOptions(options: SimulateMicrographOptions): Settings {
  requireKnownOptions('simulateMicrograph', options, optionNames());
  const {
    seed,
    height = 256,
    width = 256,
    pixelSize = 0.2,
    mode = 'darkField',
    dtype = 'uint8',
    diameterMedian = 4,
    diameterGeometricSd = 1.15,
    coverage = 0.15,
    count,
    shapes = { sphere: 3, truncatedOctahedron: 1, hexagon: 1, pentagon: 1 },
    roundness = 0.4,
    gap = 3,
    touching = 0,
    contrast = 1,
    contrastSpread = 0.12,
    thicknessContrast = 0.5,
    unevenness = 0.18,
    texture = 0.1,
    support = 'full',
    blur = 0.8,
    defocused = 0.15,
    defocusBlur = 1.2,
    dose = 300,
    readoutNoise = 0.01,
    jitter = 0.2,
    drift = 1,
  } = options;
  requireInteger('height', height, { min: 32, max: 32768 });
  requireInteger('width', width, { min: 32, max: 32768 });
  requireNumber('pixelSize', pixelSize, { above: 0 });
  requireOneOf('mode', mode, ['darkField', 'brightField']);
  requireOneOf('dtype', dtype, ['uint8', 'uint16', 'float32']);
  requireOneOf('support', support, ['full', 'edge']);
  requireNumber('diameterMedian', diameterMedian, { above: 0 });
  requireNumber('diameterGeometricSd', diameterGeometricSd, { min: 1, max: 3 });
  requireNumber('coverage', coverage, { min: 0, max: 0.4 });
  if (count !== undefined) {
    requireInteger('count', count, { min: 0 });
    if (options.coverage !== undefined) throw new RangeError('count and coverage cannot be given both; leave one out.');
  }
  requireProbability('roundness', roundness);
  requireNumber('gap', gap, { min: 2 });
  requireProbability('touching', touching);
  requireNumber('contrast', contrast, { min: 0.1, max: 2 });
  requireNumber('contrastSpread', contrastSpread, { min: 0, max: 0.3 });
  requireProbability('thicknessContrast', thicknessContrast);
  requireNumber('unevenness', unevenness, { min: 0, max: 0.5 });
  requireNumber('texture', texture, { min: 0, max: 0.5 });
  requireNumber('blur', blur, { min: 0, max: 10 });
  requireProbability('defocused', defocused);
  requireNumber('defocusBlur', defocusBlur, { min: 0, max: 10 });
  if (dose !== Number.POSITIVE_INFINITY) requireNumber('dose', dose, { min: 1, max: 1e6 });
  requireNumber('readoutNoise', readoutNoise, { min: 0, max: 0.5 });
  requireNumber('jitter', jitter, { min: 0, max: 3 });
  requireNumber('drift', drift, { min: 0, max: height / 4 });
  const random = seed instanceof Random ? seed : new Random(seed);
  const shortSide = Math.min(height, width) * pixelSize;
  const diameterRange = options.diameterRange ?? [7 * pixelSize, shortSide / 2];
  requireDiameters(diameterRange, diameterMedian, pixelSize, shortSide);
  return {
    random,
    height,
    width,
    pixelSize,
    mode,
    dtype,
    diameterMedian,
    diameterGeometricSd,
    diameterRange,
    coverage,
    count,
    ...readShapes(shapes),
    roundness,
    gap,
    touching,
    contrast,
    contrastSpread,
    thicknessContrast,
    unevenness,
    texture,
    support,
    blur,
    defocused,
    defocusBlur,
    dose,
    readoutNoise,
    jitter,
    drift,
  };
}

function requireDiameters(range: unknown, median: number, pixelSize: number, shortSide: number): void {
  if (!Array.isArray(range) || range.length !== 2) {
    throw new TypeError(`diameterRange must be two lengths in nm, [min, max], got ${show(range)}.`);
  }
  const [min, max] = range as [unknown, unknown];
  // One part in 10^12 of slack, so that rounding does not refuse a range of just so many pixels.
  requireNumber('diameterRange[0]', min, { min: 4 * pixelSize * (1 - 1e-12) });
  requireNumber('diameterRange[1]', max, { min, max: shortSide });
  if (median < min || median > max) {
    throw new RangeError(
      `diameterMedian must lie within diameterRange, ${min} to ${max} nm ` +
        `(${(min / pixelSize).toFixed(1)} to ${(max / pixelSize).toFixed(1)} pixels of pixelSize), got ${median}.`,
    );
  }
}

function readShapes(shapes: unknown): { shapes: readonly ParticleShape[]; shapeWeights: readonly number[] } {
  requireKnownOptions('shapes', shapes, SHAPES);
  const weights = SHAPES.map((shape) => (shapes as Partial<Record<ParticleShape, number>>)[shape] ?? 0);
  SHAPES.forEach((shape, i) => {
    requireNumber(`shapes.${shape}`, weights[i], { min: 0 });
  });
  if (weights.every((weight) => weight === 0)) {
    throw new RangeError(`shapes must give one of ${SHAPES.join(', ')} a frequency above 0, got none.`);
  }
  return { shapes: SHAPES, shapeWeights: weights };
}
