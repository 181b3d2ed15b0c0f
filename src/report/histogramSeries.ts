import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { chartColors } from './chart.js';
import type { Bins } from './histogramBins.js';

/** A vertical line with a text above the plot. */
export interface Marker {
  readonly value: number;
  readonly text: string;
}

/** Bars from edge to edge, so that bins of any width stand where they belong. */
export function barSeries(name: string, { edges, counts }: Bins): CustomSeriesOption {
  const { bar, barEdge } = chartColors();
  return {
    type: 'custom',
    name,
    silent: true,
    itemStyle: { color: bar },
    encode: { x: [0, 1], y: 2 },
    data: counts.map((count, i) => [edges[i]!, edges[i + 1]!, count]),
    renderItem: (_, api) => {
      const [left, top] = api.coord([api.value(0), api.value(2)]) as [number, number];
      const [right, bottom] = api.coord([api.value(1), 0]) as [number, number];
      return {
        type: 'rect',
        shape: { x: left, y: top, width: right - left, height: bottom - top },
        style: { fill: bar, stroke: barEdge, lineWidth: 1 },
      };
    },
  };
}

/** A line without symbols through points. */
export function lineSeries(
  name: string,
  points: readonly (readonly [number, number])[],
  color: string,
  dash: 'solid' | 'dashed' = 'solid',
): LineSeriesOption {
  return {
    type: 'line',
    name,
    silent: true,
    showSymbol: false,
    itemStyle: { color },
    lineStyle: { color, width: 2, type: dash },
    data: points.map(([x, y]) => [x, y]),
  };
}

/** Vertical lines with their texts on the given levels above the plot. */
export function markerSeries(markers: readonly Marker[], levels: readonly number[]): LineSeriesOption {
  const { ink } = chartColors();
  return {
    type: 'line',
    name: 'markers',
    silent: true,
    data: [],
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: ink, type: [5, 3], width: 1.2 },
      data: markers.map(({ value, text }, i) => ({
        xAxis: value,
        label: {
          formatter: () => text,
          color: ink,
          fontSize: 12,
          textBorderWidth: 0,
          distance: [0, 4 + 16 * levels[i]!],
        },
      })),
    },
  };
}

/** Returns the level of each text, 0 the lowest, so that none lies over another. */
export function stackLabels(markers: readonly Marker[], pixelOf: (value: number) => number): number[] {
  const taken: { left: number; right: number; level: number }[] = [];
  return markers.map(({ value, text }) => {
    const half = text.length * 3.4 + 4;
    const left = pixelOf(value) - half;
    const right = pixelOf(value) + half;
    let level = 0;
    while (taken.some((other) => other.level === level && other.left < right && left < other.right)) level++;
    taken.push({ left, right, level });
    return level;
  });
}
