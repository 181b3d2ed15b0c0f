import type { LineSeriesOption } from 'echarts/charts';
import type { EpochRecord } from '../training/history.js';
import { axisStyle, type ChartOption, chartColors } from './chart.js';
import { formatNumber } from './markup.js';

/** One of the charts beside each other. */
export interface Panel {
  readonly title: string;
  readonly curves: readonly {
    readonly name: string;
    readonly color: string;
    readonly values: readonly (number | undefined)[];
  }[];
  /** Whether the values lie in 0..1. */
  readonly share?: boolean;
}

/** Returns what draws the panels in a row over the same epochs. */
export function curvesLayout(
  panels: readonly Panel[],
  records: readonly EpochRecord[],
  frame: { title: string; width: number; best: number | undefined },
): ChartOption {
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

/** Whether a value can be drawn. */
export function isNumber(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}

/** Powers of ten throughout where the largest value is small, so that the ticks of an axis look alike. */
function tickText(value: number, largest: number): string {
  if (value === 0 || (largest >= 0.01 && Math.abs(value) >= 0.001)) return formatNumber(value, 3);
  return Number(value.toPrecision(3)).toExponential().replace('-', '−');
}
