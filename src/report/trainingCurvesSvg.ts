import { requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import type { EpochRecord, History } from '../training/history.js';
import { chartColors, renderChart, requireChartSize } from './chart.js';
import { curvesLayout, isNumber, type Panel } from './curvesLayout.js';
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
  return renderChart(curvesLayout(panels, records, { title, width, best }), {
    width,
    height,
    description: describe(records, best),
  });
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

function describe(records: readonly EpochRecord[], best: number | undefined): string {
  const { trainLoss } = records[records.length - 1]!;
  const count = `${records.length} ${records.length === 1 ? 'epoch' : 'epochs'}`;
  const chosen = best === undefined ? '' : `; best epoch ${best}`;
  return `Training curves over ${count}: training loss ${formatNumber(records[0]!.trainLoss)} to ${formatNumber(trainLoss)}${chosen}`;
}
