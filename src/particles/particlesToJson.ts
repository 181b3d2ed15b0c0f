import { requireKnownOptions, requireLengthUnit } from '../core/check.js';
import type { LengthUnit } from '../core/types.js';
import type { Particle } from './particle.js';
import { particleTable } from './particlesToCsv.js';

/** Options of {@link particlesToJson}. */
export interface ParticlesToJsonOptions {
  /** The unit named where there are no particles to tell. @defaultValue 'px' */
  readonly unit?: LengthUnit;
}

/**
 * Returns particles as JSON: `{ "unit", "columns", "rows" }` with the column names of {@link particlesToCsv}, units in
 * them, and one list of values a particle; what is undefined is `null`.
 *
 * @throws RangeError where the particles' units differ.
 *
 * @example
 * ```ts
 * const particles = measureParticles(createLabels([1], [1, 1]));
 * JSON.parse(particlesToJson(particles)).unit; // "px"
 * ```
 */
export function particlesToJson(particles: readonly Particle[], options: ParticlesToJsonOptions = {}): string {
  requireKnownOptions('particlesToJson', options, ['unit']);
  const { unit, columns } = particleTable(particles, options.unit);
  requireLengthUnit('unit', unit);
  const rows = particles.map((particle) =>
    columns.map(([, read]) => {
      const value = read(particle);
      return typeof value === 'number' && !Number.isFinite(value) ? null : value;
    }),
  );
  return JSON.stringify({ unit, columns: columns.map(([name]) => name), rows });
}
