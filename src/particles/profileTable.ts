import { createImage, createLabels } from '../core/arrays.js';
import { pixelEdges } from '../core/calibration.js';
import { requireKnownOptions, requireLabels, requireOneOf } from '../core/check.js';
import type { Calibration, Image, Labels } from '../core/types.js';
import { imagejRows } from './imagejTable.js';
import { isoRows } from './isoTable.js';
import { measureParticles } from './measureParticles.js';
import type { MeasurementProfile } from './particle.js';
import { segkitColumns } from './particlesToCsv.js';
import { profileUnit } from './profileUnits.js';
import { skimageRows } from './skimageTable.js';

/** Options of {@link profileTable}. */
export interface ProfileTableOptions {
  /** Whose columns and formulas. @defaultValue 'segkit' */
  readonly profile?: MeasurementProfile;
  /** Size of a pixel; without it, lengths are in pixels. */
  readonly calibration?: Calibration;
  /** A grey image of the same size: adds that program's columns of intensity. */
  readonly intensity?: Image;
}

/** A table in the words of a program. */
export interface ProfileTable {
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  /** The unit of each column, such as `nm`, `nm2`, `deg`, `pixels`; empty for ratios, counts, and segkit's columns, which name it. */
  readonly units: Readonly<Record<string, string>>;
  /** One object a particle, ascending by label; undefined values are `NaN`. */
  readonly rows: ReadonlyArray<Readonly<Record<string, number>>>;
}

/**
 * Measures every labelled particle under the column names of a program and with its formulas: `'imagej'` the results
 * table of Analyze Particles (`Area`, `Perim.`, `Circ.`, `Feret`, ...), `'skimage'` that of `regionprops_table`
 * (`equivalent_diameter_area`, `bbox-0`, ...), `'iso'` the symbols of ISO 9276-6 and 13322-1 (`x_A`, `x_Fmax`, ...),
 * `'segkit'` the columns of `particlesToCsv`.
 *
 * @param labels - instance id per pixel, `[height, width]`, 0 = background.
 * @throws RangeError for pixels that are not square with `'skimage'` and `'imagej'`.
 *
 * @example
 * ```ts
 * const { rows } = profileTable(createLabels([1, 1, 1, 1], [2, 2]), { profile: 'imagej' });
 * rows[0]['Perim.']; // 5.657
 * rows[0]['Circ.']; // 1
 * ```
 */
export function profileTable(labels: Labels, options: ProfileTableOptions = {}): ProfileTable {
  requireLabels('labels', labels);
  requireKnownOptions('profileTable', options, ['profile', 'calibration', 'intensity']);
  const { profile = 'segkit', calibration = { pixelSize: 1, unit: 'px' }, intensity } = options;
  requireOneOf('profile', profile, ['segkit', 'imagej', 'skimage', 'iso']);
  const { row, column, unit } = pixelEdges(calibration);
  if ((profile === 'skimage' || profile === 'imagej') && row !== column) {
    throw new RangeError(
      `calibration.pixelSize must be the same for rows and columns with profile "${profile}", got ${row} and ${column}.`,
    );
  }
  let rows: Array<Record<string, number>>;
  if (profile === 'segkit') {
    const particles = measureParticles(labels, { calibration, ...(intensity === undefined ? {} : { intensity }) });
    const columns = segkitColumns(unit, intensity !== undefined, false);
    rows = particles.map((particle) =>
      Object.fromEntries(columns.map(([name, read]) => [name, Number(read(particle))])),
    );
  } else if (profile === 'imagej') {
    rows = imagejRows(labels, row, intensity);
  } else if (profile === 'skimage') {
    rows = skimageRows(labels, row, intensity);
  } else {
    rows = isoRows(labels, { row, column });
  }
  const columns = rows.length > 0 ? Object.keys(rows[0]!) : emptyColumns(profile, calibration, intensity !== undefined);
  const units = Object.fromEntries(columns.map((name) => [name, profileUnit(profile, name, unit)]));
  return { columns, units, rows };
}

/** The columns of a table without rows: those of one pixel. */
function emptyColumns(
  profile: MeasurementProfile,
  calibration: Calibration,
  withIntensity: boolean,
): readonly string[] {
  const intensity = createImage(new Uint8Array(1), [1, 1]);
  const options = { profile, calibration, ...(withIntensity ? { intensity } : {}) };
  return profileTable(createLabels([1], [1, 1]), options).columns;
}
