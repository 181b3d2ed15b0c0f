import { requireKnownOptions, show } from '../core/check.js';
import { csvField } from './particlesToCsv.js';
import type { ProfileTable } from './profileTable.js';

/** Options of {@link profileTableToCsv}. */
export interface ProfileTableToCsvOptions {
  /** Whether the unit follows a column's name, as in `Area_nm2`; without, names are those of the program alone. @defaultValue true */
  readonly units?: boolean;
  /** Text for a first column `image` with the same value in every row, for example a file name. */
  readonly image?: string;
}

/**
 * Returns the table of a program as CSV (RFC 4180), as `particlesToCsv` writes it: units in the header unless left out, numbers
 * with all their digits, empty fields for what is undefined.
 *
 * @param table - of {@link profileTable}.
 *
 * @example
 * ```ts
 * const calibration = { pixelSize: 2, unit: 'nm' } as const;
 * const table = profileTable(createLabels([1], [1, 1]), { profile: 'imagej', calibration });
 * profileTableToCsv(table).startsWith('Area_nm2,X_nm,Y_nm,Perim._nm'); // true
 * profileTableToCsv(table, { units: false }).startsWith('Area,X,Y,Perim.'); // true
 * ```
 */
export function profileTableToCsv(table: ProfileTable, options: ProfileTableToCsvOptions = {}): string {
  requireKnownOptions('profileTableToCsv', options, ['units', 'image']);
  const { image } = options;
  const names = headersOf(table, options.units);
  const lines = [
    (image === undefined ? names : ['image', ...names]).map(csvField),
    ...table.rows.map((row) => {
      const fields = table.columns.map((name) => csvField(row[name]!));
      return image === undefined ? fields : [csvField(image), ...fields];
    }),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

/** The headers of a table, with units unless they are not wanted; throws for what is no table. */
export function headersOf(table: ProfileTable, units = true): string[] {
  if (!Array.isArray(table?.columns as unknown) || !Array.isArray(table.rows as unknown)) {
    throw new TypeError(`table must be what profileTable returns, got ${show(table)}.`);
  }
  if (typeof units !== 'boolean') throw new TypeError(`units must be true or false, got ${show(units)}.`);
  return table.columns.map((name) => (units && table.units[name] ? `${name}_${table.units[name]}` : name));
}
