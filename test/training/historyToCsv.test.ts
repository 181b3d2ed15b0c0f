import { type EpochRecord, historyToCsv } from 'segkit/training';
import { expect, it } from 'vitest';

const first: EpochRecord = { epoch: 1, trainLoss: 0.5, learningRate: 3e-4, batches: 4, seconds: 1.5 };

it('writes one row an epoch with the columns that occur, empty where a row has none', () => {
  const second = { ...first, epoch: 2, validationLoss: 0.25, miou: 0.75, iou: [0.5, Number.NaN], trainPa: 1 };
  expect(historyToCsv([first, second])).toBe(
    'epoch,trainLoss,validationLoss,miou,iou0,iou1,trainPa,learningRate,batches,seconds\n' +
      '1,0.5,,,,,,0.0003,4,1.5\n' +
      '2,0.5,0.25,0.75,0.5,NaN,1,0.0003,4,1.5\n',
  );
});

it('takes a whole history, writes numbers in full, and never a confusion matrix', () => {
  const epochs = [{ ...first, trainLoss: 1 / 3, confusion: { classes: 1, counts: new Float64Array([1]) } }];
  const text = historyToCsv({ epochs, monitor: 'trainLoss', stoppedBy: 'epochs', steps: 4, seconds: 2 });
  expect(text).toBe('epoch,trainLoss,learningRate,batches,seconds\n1,0.3333333333333333,0.0003,4,1.5\n');
});

it('is an empty line without epochs', () => {
  expect(historyToCsv([])).toBe('\n');
});
