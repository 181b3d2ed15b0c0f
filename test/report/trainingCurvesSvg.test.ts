import { trainingCurvesSvg } from 'segkit/report';
import { describe, expect, it } from 'vitest';
import { expectSelfContained, textsOf } from './svg.js';

const records = Array.from({ length: 6 }, (_, i) => ({
  epoch: i + 1,
  trainLoss: 1 / (i + 1),
  validationLoss: 1.2 / (i + 1),
  pa: 0.9,
  miou: 0.5 + 0.05 * i,
  dice: 0.6 + 0.05 * i,
  learningRate: 1e-3 * 0.9 ** i,
  batches: 4,
  seconds: 1,
}));
const history = {
  epochs: records,
  best: { epoch: 5, value: 0.7 },
  monitor: 'miou',
  stoppedBy: 'epochs',
  steps: 24,
  seconds: 6,
} as const;

describe('trainingCurvesSvg', () => {
  it('draws losses, metrics and the learning rate with the best epoch', () => {
    const svg = trainingCurvesSvg(history, { title: 'Run <7>' });
    expectSelfContained(svg);
    const texts = textsOf(svg);
    for (const text of [
      'Loss',
      'Validation metrics',
      'Learning rate',
      'Epoch',
      'training',
      'validation',
      'mean IoU',
      'best',
    ]) {
      expect(texts).toContain(text);
    }
    expect(svg).toContain('Training curves over 6 epochs: training loss 1 to 0.1667; best epoch 5');
    expect(svg).toContain('Run &lt;7&gt;');
  });

  it('leaves out panels without values', () => {
    const bare = records.map(({ epoch, trainLoss, learningRate, batches, seconds }) => ({
      epoch,
      trainLoss,
      learningRate,
      batches,
      seconds,
    }));
    const texts = textsOf(trainingCurvesSvg(bare));
    expect(texts).not.toContain('Validation metrics');
    expect(texts).toContain('Learning rate');
  });

  it('copes with one epoch, with gaps and with a loss that falls by decades', () => {
    expectSelfContained(trainingCurvesSvg(records.slice(0, 1)));
    expectSelfContained(
      trainingCurvesSvg(records.map((record, i) => ({ ...record, trainLoss: i === 2 ? Number.NaN : 1 }))),
    );
    const steep = records.map((record, i) => ({ ...record, trainLoss: 10 ** -i }));
    expect(textsOf(trainingCurvesSvg(steep))).toContain('1e−4');
  });

  it('is the same text every time', () => {
    expect(trainingCurvesSvg(history)).toBe(trainingCurvesSvg(history));
  });

  it('says what is wrong', () => {
    expect(() => trainingCurvesSvg([])).toThrow('history must hold at least one epoch, got none.');
    expect(() => trainingCurvesSvg(7 as never)).toThrow('history must be that of fit or its records, got 7.');
    expect(() => trainingCurvesSvg([{}] as never)).toThrow('history[0].epoch must be a number');
    expect(() => trainingCurvesSvg(records, { metrics: ['auc' as never] })).toThrow('metrics[0] must be one of');
    expect(() => trainingCurvesSvg(records, { best: 3 } as never)).toThrow('trainingCurvesSvg has no option "best"');
  });
});
