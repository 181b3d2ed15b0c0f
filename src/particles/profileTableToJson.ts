import { requireKnownOptions } from '../core/check.js';
import type { ProfileTable } from './profileTable.js';
import { headersOf, type ProfileTableToCsvOptions } from './profileTableToCsv.js';

/** Options of {@link profileTableToJson}. */
export type ProfileTableToJsonOptions = Pick<ProfileTableToCsvOptions, 'units'>;

/**
 * Returns the table of a program as JSON: `{ "columns", "rows" }` with the headers of {@link profileTableToCsv} and one list
 * of values a particle; what is undefined is `null`.
 *
 * @param table - of {@link profileTable}.
 *
 * @example
 * ```ts
 * const table = profileTable(createLabels([1], [1, 1]), { profile: 'skimage' });
 * JSON.parse(profileTableToJson(table)).columns.includes('equivalent_diameter_area_px'); // true
 * ```
 */
export function profileTableToJson(table: ProfileTable, options: ProfileTableToJsonOptions = {}): string {
  requireKnownOptions('profileTableToJson', options, ['units']);
  const columns = headersOf(table, options.units);
  const rows = table.rows.map((row) => table.columns.map((name) => (Number.isFinite(row[name]) ? row[name] : null)));
  return JSON.stringify({ columns, rows });
}
