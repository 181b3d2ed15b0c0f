import fc from 'fast-check';
import {
  type ConfusionMatrix,
  dice,
  f1,
  iou,
  meanDice,
  meanF1,
  meanIou,
  meanPixelAccuracy,
  meanPrecision,
  meanRecall,
  pixelAccuracy,
  precision,
  recall,
  summarizeMetrics,
} from 'segkit/metrics';
import { describe, expect, it } from 'vitest';
import { differences, near } from '../morphology/golden.js';

const matrix = (...counts: number[]): ConfusionMatrix => ({
  classes: Math.sqrt(counts.length),
  counts: new Float64Array(counts),
});
// Class 0: tp 6, fn 1, fp 1. Class 1: tp 2, fn 1, fp 1.
const worked = matrix(6, 1, 1, 2);
// Class 2 is in neither mask.
const absent = matrix(6, 1, 0, 1, 2, 0, 0, 0, 0);
const perClass = { iou, dice, precision, recall, f1 };
const means = { meanIou, meanDice, meanPrecision, meanRecall, meanF1, meanPixelAccuracy };

const matrices = fc
  .integer({ min: 1, max: 5 })
  .chain((classes) => fc.array(fc.integer({ min: 0, max: 50 }), { minLength: classes ** 2, maxLength: classes ** 2 }))
  .map((counts) => matrix(...counts));

describe('metrics by hand', () => {
  it('pixelAccuracy: (6 + 2) / 10', () => expect(pixelAccuracy(worked)).toBe(0.8));
  it('iou: 6 / 8 and 2 / 4', () => expect([...iou(worked)]).toEqual([0.75, 0.5]));
  it('dice: 12 / 14 and 4 / 6', () => expect([...dice(worked)]).toEqual([12 / 14, 4 / 6]));
  it('precision of [[6, 2], [1, 1]]: 6 / 7 and 1 / 3', () =>
    expect([...precision(matrix(6, 2, 1, 1))]).toEqual([6 / 7, 1 / 3]));
  it('recall of [[6, 2], [1, 1]]: 6 / 8 and 1 / 2', () => expect([...recall(matrix(6, 2, 1, 1))]).toEqual([0.75, 0.5]));
  it('f1 is the harmonic mean of precision and recall', () => {
    const cm = matrix(6, 2, 1, 1);
    const [p, r] = [6 / 7, 0.75];
    expect(f1(cm)[0]).toBeCloseTo((2 * p * r) / (p + r), 14);
  });
  it('meanIou: (0.75 + 0.5) / 2', () => expect(meanIou(worked)).toBe(0.625));
});

describe('absent classes', () => {
  it.each(Object.entries(perClass))('%s of a class in neither mask is NaN', (_, metric) => {
    expect(metric(absent)[2]).toBeNaN();
  });
  it.each(Object.entries(means))('%s leaves it out by default, or counts 0 or 1', (_, mean) => {
    const two = mean(worked);
    expect(mean(absent)).toBe(two);
    expect(mean(absent, { absent: 'skip' })).toBe(two);
    expect(mean(absent, { absent: 'zero' })).toBeCloseTo((2 * two) / 3, 14);
    expect(mean(absent, { absent: 'one' })).toBeCloseTo((2 * two + 1) / 3, 14);
  });
  it.each(Object.entries(means))('%s refuses unknown policies and options', (name, mean) => {
    // @ts-expect-error: an unknown policy
    expect(() => mean(worked, { absent: 'ignore' })).toThrow(
      'absent must be one of "skip", "zero", "one", got "ignore".',
    );
    // @ts-expect-error: an unknown option
    expect(() => mean(worked, { average: 'macro' })).toThrow(`${name} has no option "average"`);
  });
  it('is NaN where no pixel was counted, in the mean as well', () => {
    const empty = matrix(0, 0, 0, 0);
    expect(pixelAccuracy(empty)).toBeNaN();
    for (const mean of Object.values(means)) expect(mean(empty)).toBeNaN();
    expect(meanIou(empty, { absent: 'one' })).toBe(1);
  });
  it('precision is NaN for a class never predicted, recall for one not in the target', () => {
    expect(precision(matrix(3, 0, 2, 0))[1]).toBeNaN();
    expect(recall(matrix(3, 2, 0, 0))[1]).toBeNaN();
    expect(iou(matrix(3, 2, 0, 0))[1]).toBe(0);
  });
});

describe('metrics in general', () => {
  it('lie in 0..1 or are NaN', () => {
    fc.assert(
      fc.property(matrices, (cm) => {
        for (const metric of Object.values(perClass)) {
          for (const value of metric(cm)) expect(Number.isNaN(value) || (value >= 0 && value <= 1)).toBe(true);
        }
      }),
    );
  });
  it('dice = 2 iou / (1 + iou), iou <= dice, and the mean recall is the mean pixel accuracy', () => {
    fc.assert(
      fc.property(matrices, (cm) => {
        const overlap = iou(cm);
        dice(cm).forEach((value, c) => {
          const expected = (2 * overlap[c]!) / (1 + overlap[c]!);
          expect(near(value, expected, 1e-14)).toBe(true);
          if (!Number.isNaN(value)) expect(value).toBeGreaterThanOrEqual(overlap[c]!);
        });
        expect(meanPixelAccuracy(cm)).toEqual(meanRecall(cm));
      }),
    );
  });
  it('follow their classes when these are renamed', () => {
    fc.assert(
      fc.property(matrices, (cm) => {
        const { classes, counts } = cm;
        const reversed = matrix(...[...counts].reverse()); // class c becomes classes - 1 - c
        for (const metric of Object.values(perClass)) {
          expect(differences(metric(reversed), [...metric(cm)].reverse(), 1e-15)).toEqual([]);
        }
        expect(near(meanIou(reversed), meanIou(cm), 1e-14)).toBe(true);
        expect(classes).toBe(reversed.classes);
      }),
    );
  });
  it('are not changed by counting every image twice', () => {
    fc.assert(
      fc.property(matrices, (cm) => {
        const doubled = matrix(...cm.counts.map((count) => 2 * count));
        expect(summarizeMetrics(doubled)).toEqual({ ...summarizeMetrics(cm), pixels: 2 * summarizeMetrics(cm).pixels });
      }),
    );
  });
  it('summarizeMetrics holds each of them', () => {
    const summary = summarizeMetrics(absent, { absent: 'zero' });
    expect(summary.pixels).toBe(10);
    expect(summary.pixelAccuracy).toBe(pixelAccuracy(absent));
    for (const [name, metric] of Object.entries(perClass)) {
      expect(summary[name as keyof typeof perClass]).toEqual(metric(absent));
    }
    for (const [name, mean] of Object.entries(means)) {
      expect(summary[name as keyof typeof means]).toBe(mean(absent, { absent: 'zero' }));
    }
  });
});
