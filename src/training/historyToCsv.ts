import type { EpochRecord, History } from './history.js';

/**
 * Returns a history as CSV text: one row an epoch, columns as the fields of {@link EpochRecord} that occur (`iou0`,
 * `iou1`, ... for the classes), empty where a row has none. Numbers are written in full, lines end in `\n`.
 *
 * @param history - what `fit` returned, or its records.
 *
 * @example
 * ```ts
 * const records = [{ epoch: 1, trainLoss: 0.5, miou: 0.75, learningRate: 0.01, batches: 4, seconds: 2 }];
 * historyToCsv(records); // 'epoch,trainLoss,miou,learningRate,batches,seconds\n1,0.5,0.75,0.01,4,2\n'
 * ```
 */
export function historyToCsv(history: History | readonly EpochRecord[]): string {
  const records = 'epochs' in history ? history.epochs : history;
  const rows = records.map(cells);
  const columns = COLUMNS.flatMap((column) => {
    if (column !== 'iou') return rows.some((row) => row.has(column)) ? [column] : [];
    const classes = Math.max(0, ...records.map(({ iou }) => iou?.length ?? 0));
    return Array.from({ length: classes }, (_, index) => `iou${index}`);
  });
  const lines = rows.map((row) => columns.map((column) => row.get(column) ?? '').join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

const COLUMNS = [
  'epoch',
  'trainLoss',
  'validationLoss',
  'pa',
  'mpa',
  'miou',
  'dice',
  'iou',
  'trainPa',
  'trainMpa',
  'trainMiou',
  'trainDice',
  'learningRate',
  'batches',
  'seconds',
] as const;

function cells(record: EpochRecord): Map<string, string> {
  const row = new Map<string, string>();
  for (const column of COLUMNS) {
    if (column === 'iou') {
      record.iou?.forEach((value, index) => {
        row.set(`iou${index}`, String(value));
      });
    } else if (record[column] !== undefined) {
      row.set(column, String(record[column]));
    }
  }
  return row;
}
