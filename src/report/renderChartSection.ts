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
  const shapes = [
    ...['svg', 'g', 'defs', 'title', 'desc', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon'],
    ...['text', 'tspan', 'clipPath', 'mask', 'marker', 'pattern', 'linearGradient', 'radialGradient', 'stop'],
  ];
  if (typeof svg !== 'string' || !/^\s*<svg[\s>][\s\S]*<\/svg>\s*$/.test(svg)) {
    throw new TypeError(`${name} must be an SVG element, from <svg to </svg>, got ${show(svg)}.`);
  }
  const rest = svg.replace(/<\/?([A-Za-z][\w:-]*)((?:"[^"]*"|'[^']*'|[^"'<>])*)>/g, (tag, element, attributes) => {
    if (!shapes.includes(element)) return tag;
    for (const [part, attribute, value] of attributes.matchAll(/([^\s=/]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
      if (/^on|href$/i.test(attribute) || /url\(\s*(?!#)/i.test(value)) return `<${element} ${part}`;
    }
    return '';
  });
  const at = rest.indexOf('<');
  if (at >= 0) throw new RangeError(`${name} must hold shapes and texts only, got ${show(rest.slice(at))}.`);
}
