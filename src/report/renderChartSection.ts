import { show } from '../core/check.js';
import { escapeMarkup } from './markup.js';
import type { ChartSection } from './sections.js';

/** Returns the HTML of charts with their caption. */
export function renderChartSection(name: string, { svg, caption }: ChartSection): string {
  const list = typeof svg === 'string' ? [svg] : svg;
  if (!Array.isArray(list)) throw new TypeError(`${name}.svg must be a text or a list of them, got ${show(svg)}.`);
  for (const text of list) requireSafeSvg(`${name}.svg`, text);
  const below = caption === undefined ? '' : `<figcaption>${escapeMarkup(caption)}</figcaption>`;
  return `<figure class="chart">${list.join('\n')}${below}</figure>\n`;
}

/** Throws unless a text is one SVG element that neither runs code nor loads anything. */
function requireSafeSvg(name: string, svg: unknown): asserts svg is string {
  if (typeof svg !== 'string' || !/^\s*<svg[\s>][\s\S]*<\/svg>\s*$/.test(svg)) {
    throw new TypeError(`${name} must be an SVG element, from <svg to </svg>, got ${show(svg)}.`);
  }
  const unsafe =
    svg.match(
      /<\/?(?:script|foreignObject|iframe|object|embed|image|use|animate|set|a|link|meta)\b|<!(?!\[CDATA\[)/i,
    ) ??
    svg.match(/<[^>]*\s(on[a-z]+)\s*=/i)?.slice(1) ??
    svg.match(/javascript:|@import|url\(\s*['"]?(?!#)/i);
  if (unsafe) throw new RangeError(`${name} must hold shapes and texts only, got ${show(unsafe[0])}.`);
}
