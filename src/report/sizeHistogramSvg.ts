import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { requireKnownOptions, requireLengthUnit, requireNumber, show } from '../core/check.js';
import { log } from '../core/math.js';
import type { LengthUnit } from '../core/types.js';
import { axisStyle, chartColors, renderChart, requireChartSize } from './chart.js';
import {
  type Bins,
  checkedCounts,
  checkedSizes,
  countSizes,
  fitLogNormal,
  type HistogramCounts,
  isCounts,
  type LogNormal,
  logNormalCurve,
  outlinePoints,
  roundEdges,
  roundWidth,
} from './histogramBins.js';
import { barSeries, lineSeries, type Marker, markerSeries, stackLabels } from './histogramSeries.js';
import { formatNumber } from './markup.js';
import { unitSymbol } from './unitSymbol.js';

/** Options of {@link sizeHistogramSvg}. */
export interface SizeHistogramSvgOptions {
  /** Unit of the sizes. @defaultValue 'px' */
  readonly unit?: LengthUnit;
  /** Heading above the chart. @defaultValue none */
  readonly title?: string;
  /** What the horizontal axis shows, without its unit. @defaultValue 'Equivalent diameter' */
  readonly quantity?: string;
  /**
   * About how many equal bins a list of sizes is counted in; their width is a round number.
   * @defaultValue the rule of Freedman and Diaconis, 5 to 60 bins
   */
  readonly bins?: number;
  /** Values marked by labelled vertical lines, for example `{ D50: 4.2, mean: 4.4 }`. @defaultValue none */
  readonly markers?: Readonly<Record<string, number>>;
  /**
   * A second distribution drawn as an outline, for example the truth: sizes, counted in the bins of the first, or
   * counts between edges of its own. @defaultValue none
   */
  readonly comparison?: ArrayLike<number> | HistogramCounts;
  /** Name of the first distribution in the legend. @defaultValue 'measured' */
  readonly name?: string;
  /** Name of the second distribution in the legend. @defaultValue 'truth' */
  readonly comparisonName?: string;
  /**
   * A log-normal curve scaled to the counts: `'fit'` takes the mean and standard deviation of the logarithms of a list
   * of sizes, else its median and geometric standard deviation are given. @defaultValue none
   */
  readonly logNormal?:
    | 'fit'
    | {
        /** Size below which half the particles lie, above 0. */
        readonly median: number;
        /** Exponential of the logarithms' standard deviation, above 1. */
        readonly geometricStandardDeviation: number;
      };
  /** Pixels. @defaultValue 640 */
  readonly width?: number;
  /** Pixels. @defaultValue 380 */
  readonly height?: number;
}

/**
 * Returns a histogram of particle sizes as a self-contained SVG document; the same input gives the same text.
 *
 * @param sizes - a list of sizes, or counts between edges. An empty list gives an empty chart that says so.
 * @throws RangeError for sizes that are negative or not finite, edges that do not rise, or unknown options; TypeError
 * for other kinds of input.
 *
 * @example
 * ```ts
 * const svg = sizeHistogramSvg([3.1, 4.2, 4.4, 5.0, 6.3], { unit: 'nm', markers: { D50: 4.4 }, logNormal: 'fit' });
 * svg.startsWith('<svg'); // true
 * ```
 */
export function sizeHistogramSvg(
  sizes: ArrayLike<number> | HistogramCounts,
  options: SizeHistogramSvgOptions = {},
): string {
  requireKnownOptions('sizeHistogramSvg', options, [
    ...['unit', 'title', 'quantity', 'bins', 'markers', 'comparison'],
    ...['name', 'comparisonName', 'logNormal', 'width', 'height'],
  ]);
  const { unit = 'px', title = '', quantity = 'Equivalent diameter', bins, markers = {}, comparison } = options;
  const { name = 'measured', comparisonName = 'truth', logNormal, width = 640, height = 380 } = options;
  requireLengthUnit('unit', unit);
  requireChartSize(width, height);
  const marks = Object.entries(markers);
  for (const [label, value] of marks) requireNumber(`markers.${label}`, value, { min: 0 });

  const list = isCounts(sizes) ? undefined : checkedSizes('sizes', sizes);
  const otherList =
    comparison === undefined || isCounts(comparison) ? undefined : checkedSizes('comparison', comparison);
  const edges = isCounts(sizes)
    ? checkedCounts('sizes', sizes).edges
    : roundEdges([...list!, ...(otherList ?? [])], bins);
  const measured = isCounts(sizes) ? checkedCounts('sizes', sizes) : countSizes('sizes', list!, edges);
  const other = otherList
    ? countSizes('comparison', otherList, edges)
    : comparison && checkedCounts('comparison', comparison as HistogramCounts);
  const curve = requireCurve(logNormal, list);

  const limits = [...edges, ...(other?.edges ?? []), ...marks.map(([, value]) => value)];
  const step = roundWidth((Math.max(...limits) - Math.min(...limits)) / 7);
  const from = Math.floor(Math.min(...limits) / step) * step;
  const to = Math.ceil(Math.max(...limits) / step) * step;
  const symbol = unitSymbol(unit);
  const [left, right] = [64, 32];
  const labels = marks.map(([label, value]) => ({ value, text: `${label} ${formatNumber(value, 3)} ${symbol}` }));
  const levels = stackLabels(labels, (value) => ((value - from) / (to - from)) * (width - left - right));
  const { faint, ink, vermillion } = chartColors();
  const series: (CustomSeriesOption | LineSeriesOption)[] = [barSeries(withTotal(name, measured), measured)];
  if (other) series.push(lineSeries(withTotal(comparisonName, other), outlinePoints(other), ink));
  if (curve) series.push(lineSeries('log-normal', logNormalCurve(measured, curve), vermillion));
  const axis = { ...axisStyle(), type: 'value' as const };
  return renderChart(
    {
      title: [
        { text: title, left: 'center', top: 8, textStyle: { fontSize: 16, color: ink } },
        {
          text: measured.total === 0 ? 'no particles' : '',
          left: 'center',
          top: 'middle',
          textStyle: { color: faint },
        },
      ],
      grid: { left, right, top: (title ? 40 : 16) + 16 * (Math.max(-1, ...levels) + 1), bottom: 84 },
      legend: {
        bottom: 8,
        itemHeight: 10,
        itemWidth: 20,
        // Fonts differ in width from what was reckoned with.
        itemGap: 32,
        textStyle: { color: ink, fontSize: 13 },
        data: series.map((entry, i) => ({
          name: String(entry.name),
          icon: i === 0 ? 'rect' : 'path://M0,4h20v2h-20z',
        })),
      },
      xAxis: {
        ...axis,
        min: from,
        max: to,
        interval: step,
        name: `${quantity} (${symbol})`,
        nameGap: 30,
        splitLine: { show: false },
      },
      yAxis: { ...axis, min: 0, minInterval: 1, name: 'Particles in bin', nameGap: 40 },
      series: [...series, markerSeries(labels, levels)],
    },
    { width, height, description: describe(quantity, symbol, measured, labels) },
  );
}

function requireCurve(
  logNormal: SizeHistogramSvgOptions['logNormal'],
  list: readonly number[] | undefined,
): LogNormal | undefined {
  if (logNormal === undefined) return undefined;
  if (logNormal === 'fit') {
    if (list === undefined) throw new RangeError('logNormal "fit" must have a list of sizes, got counts.');
    return fitLogNormal(list);
  }
  if (typeof logNormal !== 'object') {
    throw new TypeError(`logNormal must be "fit" or { median, geometricStandardDeviation }, got ${show(logNormal)}.`);
  }
  requireNumber('logNormal.median', logNormal.median, { above: 0 });
  requireNumber('logNormal.geometricStandardDeviation', logNormal.geometricStandardDeviation, { above: 1 });
  return { mu: log(logNormal.median), sigma: log(logNormal.geometricStandardDeviation) };
}

function withTotal(name: string, { total }: Bins): string {
  return `${name} (n = ${formatNumber(total)})`;
}

function describe(quantity: string, symbol: string, bins: Bins, markers: readonly Marker[]): string {
  const { edges, total } = bins;
  if (total === 0) return `Histogram of ${quantity}: no particles`;
  const span = `${formatNumber(edges[0]!)} to ${formatNumber(edges[edges.length - 1]!)} ${symbol}`;
  const marked = markers.map(({ text }) => `; ${text}`).join('');
  return `Histogram of ${quantity} of ${formatNumber(total)} particles between ${span}${marked}`;
}
