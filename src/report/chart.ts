import { CustomChart, type CustomSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts';
import {
  GridComponent,
  type GridComponentOption,
  LegendComponent,
  type LegendComponentOption,
  MarkLineComponent,
  TitleComponent,
  type TitleComponentOption,
} from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { requireInteger } from '../core/check.js';
import { escapeMarkup } from './markup.js';

/** What the charts of a report are made of. */
export type ChartOption = ComposeOption<
  CustomSeriesOption | GridComponentOption | LegendComponentOption | LineSeriesOption | TitleComponentOption
>;

/** Size and description of a chart. */
export interface ChartFrame {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** One sentence for people who do not see the chart. */
  readonly description: string;
}

/** Colours of lines, dark enough on white and distinct for the colour-blind (Okabe and Ito). */
export function chartColors() {
  return {
    blue: '#0072b2',
    vermillion: '#d55e00',
    green: '#00825f',
    purple: '#a8568a',
    bar: '#8ec1e6',
    barEdge: '#3b7fb0',
    ink: '#1f2733',
    faint: '#5b6675',
    rule: '#e3e7ec',
  } as const;
}

/** The look that axes share. */
export function axisStyle() {
  const { ink, faint, rule } = chartColors();
  return {
    nameLocation: 'middle' as const,
    nameTextStyle: { color: ink, fontSize: 13 },
    axisLabel: { color: faint, fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: faint } },
    axisTick: { show: true, lineStyle: { color: faint } },
    splitLine: { lineStyle: { color: rule } },
  };
}

/** Throws unless the sides of a chart are sensible. */
export function requireChartSize(width: number, height: number): void {
  requireInteger('width', width, { min: 200, max: 4000 });
  requireInteger('height', height, { min: 150, max: 4000 });
}

/**
 * Draws a chart as a self-contained SVG document: the same option gives the same text, and its ids are derived from
 * its content, so that several charts fit into one page.
 */
export function renderChart(option: ChartOption, { width, height, description }: ChartFrame): string {
  use([CustomChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: 'sans-serif' }, ...option });
    return tidySvg(chart.renderToSVGString(), description);
  } finally {
    chart.dispose();
  }
}

/** Takes out what only interactive pages need, and the numbers that count charts drawn before. */
function tidySvg(svg: string, description: string): string {
  const plain = svg
    .replace(/<style\b[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|pointer-events|ecmeta_[a-z_]+)="[^"]*"/g, '')
    .replace(/(id="|url\(#)zr\d+-/g, '$1zr-')
    .replace(/\n\s*\n/g, '\n')
    .trim();
  const text = escapeMarkup(description);
  return plain
    .replace(/(id="|url\(#)zr-/g, `$1chart${hash(plain + text)}-`)
    .replace('<svg ', `<svg role="img" aria-label="${text}" `)
    .replace('>', `>\n<title>${text}</title>`);
}

/** FNV-1a of a text, in base 36. */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return (state >>> 0).toString(36);
}
