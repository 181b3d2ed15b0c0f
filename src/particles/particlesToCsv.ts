import { requireKnownOptions, requireLengthUnit, show } from '../core/check.js';
import type { LengthUnit } from '../core/types.js';
import type { Particle } from './particle.js';

/** Options of {@link particlesToCsv}. */
export interface ParticlesToCsvOptions {
  /** The unit named in the header where there are no particles to tell. @defaultValue 'px' */
  readonly unit?: LengthUnit;
  /** Text for a first column `image` with the same value in every row, for example a file name. */
  readonly image?: string;
}

/**
 * Returns particles as a CSV table (RFC 4180: comma, CRLF, quotes where needed) with units in the header, such as
 * `equivalentDiameter_nm` or `area_nm2`. Numbers have all their digits, so that reading them gives the same values; one
 * that is undefined is an empty field. Without particles it is the header alone.
 *
 * @throws RangeError where the particles' units differ, or some have a mean intensity and others not.
 *
 * @example
 * ```ts
 * const particles = measureParticles(createLabels([1], [1, 1]));
 * particlesToCsv(particles).startsWith('label,numPixels,area_px2,equivalentDiameter_px'); // true
 * ```
 */
export function particlesToCsv(particles: readonly Particle[], options: ParticlesToCsvOptions = {}): string {
  requireKnownOptions('particlesToCsv', options, ['unit', 'image']);
  const { image } = options;
  const { columns } = particleTable(particles, options.unit);
  const names = columns.map(([name]) => name);
  const lines = [(image === undefined ? names : ['image', ...names]).map(csvField)];
  for (const particle of particles) {
    const values = columns.map(([, read]) => csvField(read(particle)));
    lines.push(image === undefined ? values : [csvField(image), ...values]);
  }
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

/** Checks that particles make one table, and gives its columns. */
export function particleTable(
  particles: readonly Particle[],
  wanted: LengthUnit | undefined,
): { unit: LengthUnit; columns: Column[] } {
  if (!Array.isArray(particles as unknown)) throw new TypeError(`particles must be an array, got ${show(particles)}.`);
  const unit = wanted ?? particles[0]?.unit ?? 'px';
  requireLengthUnit('unit', unit);
  const bright = particles[0]?.meanIntensity !== undefined;
  const weighted = particles[0]?.weight !== undefined;
  particles.forEach((particle, i) => {
    if (particle.unit !== unit) {
      throw new RangeError(`particles must have the unit ${unit}, got ${particle.unit} at index ${i}.`);
    }
    if ((particle.meanIntensity !== undefined) !== bright) {
      throw new RangeError(`particles must all have a meanIntensity or none, got a difference at index ${i}.`);
    }
    if ((particle.weight !== undefined) !== weighted) {
      throw new RangeError(`particles must all have a weight or none, got a difference at index ${i}.`);
    }
  });
  return { unit, columns: segkitColumns(unit, bright, weighted) };
}

/** A name and how to read it off a particle. */
export type Column = readonly [name: string, read: (particle: Particle) => number | boolean];

/** The columns of a table of particles. */
export function segkitColumns(unit: LengthUnit, bright: boolean, weighted: boolean): Column[] {
  const columns: Column[] = [
    ['label', (p) => p.label],
    ['numPixels', (p) => p.numPixels],
    [`area_${unit}2`, (p) => p.area],
    [`equivalentDiameter_${unit}`, (p) => p.equivalentDiameter],
    [`perimeter_${unit}`, (p) => p.perimeter],
    ['circularity', (p) => p.circularity],
    [`axisMajor_${unit}`, (p) => p.axisMajor],
    [`axisMinor_${unit}`, (p) => p.axisMinor],
    ['eccentricity', (p) => p.eccentricity],
    ['orientation_rad', (p) => p.orientation],
    [`feretMax_${unit}`, (p) => p.feretMax],
    [`feretMin_${unit}`, (p) => p.feretMin],
    ['solidity', (p) => p.solidity],
    ['centroidRow_pixels', (p) => p.centroid[0]],
    ['centroidColumn_pixels', (p) => p.centroid[1]],
    [`centroidRow_${unit}`, (p) => p.centroidPhysical[0]],
    [`centroidColumn_${unit}`, (p) => p.centroidPhysical[1]],
    ['minRow_pixels', (p) => p.bbox[0]],
    ['minColumn_pixels', (p) => p.bbox[1]],
    ['maxRow_pixels', (p) => p.bbox[2]],
    ['maxColumn_pixels', (p) => p.bbox[3]],
    ['touchesBorder', (p) => p.touchesBorder],
  ];
  if (bright) columns.push(['meanIntensity', (p) => p.meanIntensity ?? Number.NaN]);
  if (weighted) columns.push(['weight', (p) => p.weight ?? Number.NaN]);
  return columns;
}

/** A field of a CSV table: empty for `NaN`, in quotes where it has to be. */
export function csvField(value: string | number | boolean): string {
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  if (typeof value === 'boolean') return String(value);
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
