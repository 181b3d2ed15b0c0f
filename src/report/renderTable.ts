import { requireInteger, show } from '../core/check.js';
import { columnFormatter, escapeMarkup, formatNumber } from './markup.js';
import type { ReportColumn, ReportValue, TableSection } from './sections.js';
import { unitSymbol } from './unitSymbol.js';

/** Returns the HTML of a table of rows with the note on those left out. */
export function renderTable(name: string, { columns, rows, limit = 50, heading }: TableSection): string {
  if (!Array.isArray(rows)) throw new TypeError(`${name}.rows must be a list, got ${show(rows)}.`);
  requireInteger(`${name}.limit`, limit, { min: 1 });
  if (rows.length === 0) return '<p class="note">There are no rows.</p>';
  const shown = columns ?? Object.keys(rows[0]!).map((key): ReportColumn => ({ key }));
  shown.forEach(({ key, digits = 4 }, i) => {
    if (typeof key !== 'string') throw new TypeError(`${name}.columns[${i}].key must be a text, got ${show(key)}.`);
    requireInteger(`${name}.columns[${i}].digits`, digits, { min: 1, max: 15 });
  });
  const some = rows.slice(0, limit);
  const numeric = shown.map(({ key }) => some.every((row) => row[key] === undefined || typeof row[key] === 'number'));
  const head = shown.map(({ key, label = key, unit }, i) => {
    const behind = unit ? ` <span class="unit">${escapeMarkup(unitSymbol(unit))}</span>` : '';
    return `<th scope="col"${numeric[i] ? ' class="number"' : ''}>${escapeMarkup(label)}${behind}</th>`;
  });
  const formats = shown.map(({ key, digits = 4 }) => {
    return columnFormatter(
      some.flatMap((row) => (typeof row[key] === 'number' ? [row[key]] : [])),
      digits,
    );
  });
  const body = some.map((row) => {
    const cells = shown.map(({ key }, i) => {
      return `<td${numeric[i] ? ' class="number"' : ''}>${renderValue(row[key], formats[i])}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  const note =
    rows.length > limit
      ? `<p class="note">The first ${formatNumber(limit)} of ${formatNumber(rows.length)} rows.</p>`
      : '';
  return `${scrollable(heading, `<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>`)}${note}`;
}

/** Wraps the parts of a table so that a wide one scrolls by itself, with the keyboard too. */
export function scrollable(label: string, parts: string, kind = ''): string {
  const region = `class="scroll" role="region" tabindex="0" aria-label="${escapeMarkup(label)}"`;
  return `<div ${region}><table${kind ? ` class="${kind}"` : ''}>\n${parts}\n</table></div>\n`;
}

/** Returns a cell's value as escaped text. */
export function renderValue(value: ReportValue, format: (value: number) => string = formatNumber): string {
  if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) {
    return '<span title="undefined">–</span>';
  }
  if (typeof value === 'number') return format(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return escapeMarkup(value);
  throw new TypeError(`a cell must be a text, number or boolean, got ${show(value)}.`);
}
