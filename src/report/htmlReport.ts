import { requireKnownOptions, requireOneOf, show } from '../core/check.js';
import { escapeMarkup, formatNumber } from './markup.js';
import { renderChartSection } from './renderChartSection.js';
import { renderImages } from './renderImages.js';
import { renderMetrics } from './renderMetrics.js';
import { renderParticles } from './renderParticles.js';
import { renderTable, renderValue, scrollable } from './renderTable.js';
import { reportStyle } from './reportStyle.js';
import type { ReportSection, ReportValue } from './sections.js';
import { unitSymbol } from './unitSymbol.js';

/** A number that a reader should see first. */
export interface KeyFigure {
  /** What it is. */
  readonly label: string;
  /** Its value; numbers are rounded for reading. */
  readonly value: ReportValue;
  /** Unit behind the value; `um` is written `µm`. @defaultValue none */
  readonly unit?: string;
  /** Significant digits of a number. @defaultValue 4 */
  readonly digits?: number;
  /** A line below, for example the true value. @defaultValue none */
  readonly note?: string;
}

/** Options of {@link htmlReport}. */
export interface HtmlReportOptions {
  /** Title of the page. */
  readonly title: string;
  /** A line below the title. @defaultValue none */
  readonly subtitle?: string;
  /** Key figures at the top. @defaultValue none */
  readonly summary?: readonly KeyFigure[];
  /** What the reader must know before trusting the numbers. @defaultValue none */
  readonly warnings?: readonly string[];
  /** The body, in order. */
  readonly sections: readonly ReportSection[];
  /** Settings of the run at the end: seed, engine, versions. @defaultValue none */
  readonly settings?: Readonly<Record<string, ReportValue>>;
  /** When it was made, as it should read; the report looks at no clock. @defaultValue none */
  readonly created?: string;
  /** Language of the texts, as an IETF tag. @defaultValue 'en' */
  readonly language?: string;
}

/**
 * Returns one HTML page that needs nothing else: pictures are embedded, charts are inline SVG, there are no scripts and
 * no addresses outside, and a content security policy holds the browser to that. All texts are escaped. It reads well
 * on small screens, on paper and aloud. The same input gives the same text.
 *
 * @throws TypeError or RangeError for sections that lack what they need, SVG that holds more than shapes and texts, or
 * unknown options.
 *
 * @example
 * ```ts
 * const page = htmlReport({
 *   title: 'Gold on carbon',
 *   summary: [{ label: 'Mean diameter', value: 5.31, unit: 'nm', note: 'truth 5.28 nm' }],
 *   sections: [{ kind: 'chart', heading: 'Sizes', svg: sizeHistogramSvg([4, 5, 6], { unit: 'nm' }) }],
 * });
 * page.startsWith('<!doctype html>'); // true
 * ```
 */
export function htmlReport(options: HtmlReportOptions): string {
  requireKnownOptions('htmlReport', options, [
    ...['title', 'subtitle', 'summary', 'warnings', 'sections', 'settings', 'created', 'language'],
  ]);
  const { title, subtitle, summary = [], warnings = [], sections, settings = {}, created, language = 'en' } = options;
  if (typeof title !== 'string' || title === '') throw new TypeError(`title must be a text, got ${show(title)}.`);
  if (!Array.isArray(sections)) throw new TypeError(`sections must be a list, got ${show(sections)}.`);
  if (!/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language)) {
    throw new RangeError(`language must be a tag such as "en" or "de-AT", got ${show(language)}.`);
  }
  const all: readonly ReportSection[] = sections;
  const parts = [
    `<header>\n<h1>${escapeMarkup(title)}</h1>`,
    subtitle === undefined ? '' : `<p class="subtitle">${escapeMarkup(subtitle)}</p>`,
    '</header>\n<main>',
    renderSummary(summary),
    renderWarnings(warnings),
    renderContents(all),
    ...all.map((section, i) => renderSection(section, i)),
    renderSettings(settings),
    `</main>\n<footer>Made with segkit${created === undefined ? '' : `, ${escapeMarkup(created)}`}.</footer>`,
  ];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeMarkup(title)}</title>
<style>
${reportStyle()}</style>
</head>
<body>
${parts.filter((part) => part !== '').join('\n')}
</body>
</html>
`;
}

function renderSummary(summary: readonly KeyFigure[]): string {
  if (summary.length === 0) return '';
  const figures = summary.map(({ label, value, unit, digits, note }) => {
    const behind = unit === undefined ? '' : ` <span class="unit">${escapeMarkup(unitSymbol(unit))}</span>`;
    const below = note === undefined ? '' : `<dd class="figure-note">${escapeMarkup(note)}</dd>`;
    return `<div><dt>${escapeMarkup(label)}</dt><dd>${renderValue(value, (number) => formatNumber(number, digits))}${behind}</dd>${below}</div>`;
  });
  return `<section aria-label="Key figures"><dl class="figures">\n${figures.join('\n')}\n</dl></section>`;
}

function renderWarnings(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const items = warnings.map((warning) => `<li>${escapeMarkup(warning)}</li>`).join('\n');
  return `<section class="warnings" aria-label="Warnings"><h2>Before you trust these numbers</h2>\n<ul>\n${items}\n</ul></section>`;
}

function renderContents(sections: readonly ReportSection[]): string {
  if (sections.length < 3) return '';
  const links = sections.map(({ heading }, i) => `<li><a href="#section-${i + 1}">${escapeMarkup(heading)}</a></li>`);
  return `<nav aria-label="Contents"><ol>\n${links.join('\n')}\n</ol></nav>`;
}

function renderSection(section: ReportSection, index: number): string {
  const name = `sections[${index}]`;
  if (typeof section?.heading !== 'string' || section.heading === '') {
    throw new TypeError(`${name}.heading must be a text, got ${show(section?.heading)}.`);
  }
  const { heading, text = [] } = section;
  const paragraphs = (typeof text === 'string' ? [text] : text).map((line) => `<p>${escapeMarkup(line)}</p>\n`);
  const id = `section-${index + 1}`;
  return `<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${escapeMarkup(heading)}</h2>
${paragraphs.join('')}${renderBody(name, section)}</section>`;
}

function renderBody(name: string, section: ReportSection): string {
  requireOneOf(`${name}.kind`, section.kind, ['text', 'images', 'chart', 'table', 'metrics', 'particles']);
  switch (section.kind) {
    case 'images':
      return renderImages(name, section);
    case 'chart':
      return renderChartSection(name, section);
    case 'table':
      return renderTable(name, section);
    case 'metrics':
      return renderMetrics(name, section);
    case 'particles':
      return renderParticles(name, section);
    default:
      return '';
  }
}

function renderSettings(settings: Readonly<Record<string, ReportValue>>): string {
  const rows = Object.entries(settings).map(
    ([key, value]) =>
      `<tr><th scope="row">${escapeMarkup(key)}</th><td>${renderValue(value, (number) => formatNumber(number, 15))}</td></tr>`,
  );
  if (rows.length === 0) return '';
  const table = scrollable('Settings', `<tbody>\n${rows.join('\n')}\n</tbody>`, 'settings');
  return `<section aria-labelledby="settings-heading">\n<h2 id="settings-heading">Settings</h2>\n${table}</section>`;
}
