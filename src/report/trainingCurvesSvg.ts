import type { LineSeriesOption } from 'echarts/charts';
import { requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import type { EpochRecord, History } from '../training/history.js';
import { axisStyle, chartColors, renderChart, requireChartSize } from './chart.js';
import { formatNumber } from './markup.js';

/** The metrics of the validation that can be drawn. */
export type CurveMetric = 'pa' | 'mpa' | 'miou' | 'dice';

/** Options of {@link trainingCurvesSvg}. */
export interface TrainingCurvesSvgOptions {
  /** Heading above the chart. @defaultValue none */
  readonly title?: string;
  /** Metrics to draw, those that the records hold. @defaultValue ['miou', 'dice', 'pa'] */
  readonly metrics?: readonly CurveMetric[];
  /** Pixels. @defaultValue 960 */
  readonly width?: number;
  /** Pixels. @defaultValue 340 */
  readonly height?: number;
}

/**
 * Returns the curves of a training as a self-contained SVG document: losses, metrics of the validation and the
 * learning rate, side by side over the epochs. The best epoch of a {@link History} is marked. Values that are not
 * finite leave a gap; losses are drawn on a logarithmic axis where they span more than a factor of 50.
 *
 * @param history - what `fit` returned, or its records so far.
 * @throws RangeError where there is no record, or for unknown options; TypeError for other input.
 *
 * @example
 * ```ts
 * const record = { trainLoss: 0.7, validationLoss: 0.8, miou: 0.5, learningRate: 1e-3, batches: 4, seconds: 2 };
 * const svg = trainingCurvesSvg([{ ...record, epoch: 1 }, { ...record, epoch: 2, trainLoss: 0.5 }]);
 * svg.startsWith('<svg'); // true
 * ```
 */
export function trainingCurvesSvg(
  history: History | readonly EpochRecord[],
  options: TrainingCurvesSvgOptions = {},
): string {
  requireKnownOptions('trainingCurvesSvg', options, ['title', 'metrics', 'width', 'height']);
  const { title = '', metrics = ['miou', 'dice', 'pa'], width = 960, height = 340 } = options;
  requireChartSize(width, height);
  metrics.forEach((metric, i) => {
    requireOneOf(`metrics[${i}]`, metric, ['pa', 'mpa', 'miou', 'dice']);
  });
  const records = recordsOf(history);
  const best = 'epochs' in history ? history.best?.epoch : undefined;

  const { blue, vermillion, green, purple, ink } = chartColors();
  const colors = { miou: blue, dice: vermillion, pa: green, mpa: purple };
  const names = { miou: 'mean IoU', dice: 'mean Dice', pa: 'pixel accuracy', mpa: 'mean pixel accuracy' };
  const panels: Panel[] = [
    {
      title: 'Loss',
      curves: [
        { name: 'training', color: blue, values: records.map(({ trainLoss }) => trainLoss) },
        { name: 'validation', color: vermillion, values: records.map(({ validationLoss }) => validationLoss) },
      ],
    },
    {
      title: 'Validation metrics',
      curves: metrics.map((metric) => ({
        name: names[metric],
        color: colors[metric],
        values: records.map((record) => record[metric]),
      })),
      share: true,
    },
    {
      title: 'Learning rate',
      curves: [{ name: 'learning rate', color: ink, values: records.map(({ learningRate }) => learningRate) }],
    },
  ]
    .map((panel) => ({ ...panel, curves: panel.curves.filter(({ values }) => values.some(isNumber)) }))
    .filter(({ curves }) => curves.length > 0);
  return renderChart(layout(panels, records, { title, width, best }), {
    width,
    height,
    description: describe(records, best),
  });
}

interface Panel {
  readonly title: string;
  readonly curves: readonly {
    readonly name: string;
    readonly color: string;
    readonly values: readonly (number | undefined)[];
  }[];
  /** Whether the values lie in 0..1. */
  readonly share?: boolean;
}

function layout(
  panels: readonly Panel[],
  records: readonly EpochRecord[],
  frame: { title: string; width: number; best: number | undefined },
) {
  const { title, width, best } = frame;
  const { ink, faint } = chartColors();
  const cell = width / panels.length;
  const top = title ? 64 : 40;
  const first = records[0]!.epoch;
  const last = records[records.length - 1]!.epoch;
  const axis = axisStyle();
  const series = panels.flatMap(({ curves }, panel) =>
    curves.map(
      ({ name, color, values }, i): LineSeriesOption => ({
        type: 'line',
        name,
        silent: true,
        xAxisIndex: panel,
        yAxisIndex: panel,
        symbol: 'circle',
        symbolSize: records.length > 40 ? 0 : 5,
        itemStyle: { color },
        lineStyle: { color, width: 2 },
        data: values.map((value, at) => [records[at]!.epoch, isNumber(value) ? value : '-']),
        ...(i === 0 && best !== undefined
          ? {
              markLine: {
                silent: true,
                symbol: 'none',
                lineStyle: { color: faint, type: [4, 4], width: 1 },
                label: { show: panel === 0, formatter: () => 'best', color: faint, fontSize: 11, distance: 2 },
                data: [{ xAxis: best }],
              },
            }
          : {}),
      }),
    ),
  );
  return {
    title: [
      { text: title, left: 'center', top: 6, textStyle: { fontSize: 16, color: ink } },
      ...panels.map((panel, i) => ({
        text: panel.title,
        left: i * cell + 50,
        top: title ? 32 : 8,
        padding: 0,
        textStyle: { fontSize: 14, color: ink },
      })),
    ],
    grid: panels.map((_, i) => ({ left: i * cell + 58, width: cell - 82, top: top + 6, bottom: 84 })),
    legend: panels.map(({ curves }, i) => ({
      left: i * cell + 50,
      bottom: 8,
      itemHeight: 8,
      itemWidth: 18,
      textStyle: { color: ink, fontSize: 12 },
      data: curves.length > 1 || panels[i]?.share ? curves.map(({ name }) => name) : [],
    })),
    xAxis: panels.map((_, gridIndex) => ({
      ...axis,
      type: 'value' as const,
      gridIndex,
      min: first === last ? first - 1 : first,
      max: first === last ? last + 1 : last,
      minInterval: 1,
      name: 'Epoch',
      nameGap: 26,
      splitLine: { show: false },
      axisLabel: { ...axis.axisLabel, hideOverlap: true },
    })),
    yAxis: panels.map(({ share, curves }, gridIndex) => {
      const values = curves.flatMap((curve) => curve.values.filter(isNumber));
      const low = Math.min(...values);
      const high = Math.max(...values);
      return {
        ...axis,
        ...(share ? { min: Math.min(0.9, Math.floor(low * 10) / 10), max: 1 } : {}),
        type: !share && low > 0 && high > 50 * low ? ('log' as const) : ('value' as const),
        gridIndex,
        axisLabel: { ...axis.axisLabel, formatter: (value: number) => tickText(value, high) },
      };
    }),
    series,
  };
}

function recordsOf(history: History | readonly EpochRecord[]): readonly EpochRecord[] {
  const records = history !== null && typeof history === 'object' && 'epochs' in history ? history.epochs : history;
  if (!Array.isArray(records)) throw new TypeError(`history must be that of fit or its records, got ${show(history)}.`);
  if (records.length === 0) throw new RangeError('history must hold at least one epoch, got none.');
  records.forEach((record, i) => {
    requireNumber(`history[${i}].epoch`, record?.epoch);
  });
  return records;
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}

/** Powers of ten throughout where the largest value is small, so that the ticks of an axis look alike. */
function tickText(value: number, largest: number): string {
  if (value === 0 || (largest >= 0.01 && Math.abs(value) >= 0.001)) return formatNumber(value, 3);
  return Number(value.toPrecision(3)).toExponential().replace('-', '−');
}

function describe(records: readonly EpochRecord[], best: number | undefined): string {
  const { trainLoss } = records[records.length - 1]!;
  const count = `${records.length} ${records.length === 1 ? 'epoch' : 'epochs'}`;
  const chosen = best === undefined ? '' : `; best epoch ${best}`;
  return `Training curves over ${count}: training loss ${formatNumber(records[0]!.trainLoss)} to ${formatNumber(trainLoss)}${chosen}`;
}
