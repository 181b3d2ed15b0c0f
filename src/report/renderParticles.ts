import { show } from '../core/check.js';
import type { Particle } from '../particles/particle.js';
import { renderTable } from './renderTable.js';
import type { ParticlesSection } from './sections.js';
import { unitSymbol } from './unitSymbol.js';

/** Returns the HTML of a table of particles with the quantities that readers look for first. */
export function renderParticles(name: string, { particles, sources, limit = 50, heading }: ParticlesSection): string {
  if (!Array.isArray(particles)) throw new TypeError(`${name}.particles must be a list, got ${show(particles)}.`);
  if (particles.length === 0) return '<p class="note">There are no particles.</p>';
  if (sources !== undefined && sources.length !== particles.length) {
    throw new RangeError(`${name}.sources must name one a particle, ${particles.length}, got ${sources.length}.`);
  }
  const list: readonly Particle[] = particles;
  const [first] = list as readonly [Particle];
  const mixed = list.find(({ unit }) => unit !== first.unit);
  if (mixed !== undefined) {
    throw new RangeError(`${name}.particles must be of one unit, got ${show(first.unit)} and ${show(mixed.unit)}.`);
  }
  const unit = unitSymbol(first.unit);
  const rows = list.map(
    ({ label, equivalentDiameter, area, circularity, feretMax, feretMin, centroid, ...particle }, i) => ({
      ...{ source: sources?.[i], label, equivalentDiameter, area, feretMax, feretMin, circularity },
      ...{ row: centroid[0], column: centroid[1], touchesBorder: particle.touchesBorder },
    }),
  );
  return renderTable(name, {
    kind: 'table',
    heading,
    limit,
    rows,
    columns: [
      ...(sources === undefined ? [] : [{ key: 'source', label: 'Image' }]),
      { key: 'label', label: 'Id' },
      { key: 'equivalentDiameter', label: 'Equivalent diameter', unit },
      { key: 'area', label: 'Area', unit: `${unit}²` },
      { key: 'feretMax', label: 'Feret max', unit },
      { key: 'feretMin', label: 'Feret min', unit },
      { key: 'circularity', label: 'Circularity', digits: 3 },
      { key: 'row', label: 'Row', unit: 'px' },
      { key: 'column', label: 'Column', unit: 'px' },
      { key: 'touchesBorder', label: 'At border' },
    ],
  });
}
