import { createImage } from 'segkit/core';
import {
  averagePrecision,
  bestThreshold,
  brierScore,
  calibrationBins,
  calibrationError,
  f1,
  imageMutualInformation,
  iou,
  logLoss,
  meanSquaredError,
  normalizedRootMeanSquareError,
  peakSignalToNoiseRatio,
  precision,
  precisionRecallCurve,
  recall,
  rocAuc,
  rocCurve,
  structuralSimilarity,
  sweepCounts,
  thresholdSweep,
  topKAccuracy,
} from 'segkit/metrics';
import { describe, expect, it } from 'vitest';
import { differences, near } from '../morphology/golden.js';
import { arrayOf, casesOf, numberOf } from './golden.js';

describe('scores against scikit-learn', () => {
  it.each(casesOf('precision_recall_curve'))('%s', (_, c) => {
    const target = arrayOf(c.inputs.target).data;
    const score = arrayOf(c.inputs.score).data as Float64Array;
    const same = (name: string, values: ArrayLike<number>): void =>
      expect(differences(values, arrayOf(c.outputs[name]).data, c.tolerance), name).toEqual([]);
    const curve = precisionRecallCurve(target, score);
    same('precision', curve.precision);
    same('recall', curve.recall);
    same('thresholds', curve.thresholds);
    const roc = rocCurve(target, score);
    same('fpr', roc.falsePositiveRate);
    same('tpr', roc.truePositiveRate);
    // scikit-learn 1.2 begins with the largest score + 1, later versions and ours with infinity.
    expect(roc.thresholds[0]).toBe(Number.POSITIVE_INFINITY);
    expect(differences(roc.thresholds.subarray(1), arrayOf(c.outputs.roc_thresholds).data.subarray(1))).toEqual([]);
    const sweep = thresholdSweep(target, score, {
      thresholds: arrayOf(c.outputs.sweep_thresholds).data as Float64Array,
    });
    same('sweep_tp', sweep.truePositives);
    same('sweep_fp', sweep.falsePositives);
    same('sweep_fn', sweep.falseNegatives);
    same('sweep_tn', sweep.trueNegatives);
    same('sweep_iou', iou(sweepCounts(sweep)));
    same('sweep_f1', f1(sweepCounts(sweep)));
    same('sweep_precision', precision(sweepCounts(sweep)));
    same('sweep_recall', recall(sweepCounts(sweep)));
    const f1s = Array.from(arrayOf(c.outputs.sweep_f1).data).filter((value) => !Number.isNaN(value));
    expect(bestThreshold(sweep).value).toBeCloseTo(Math.max(...f1s), 12);
    let trapezoid = 0;
    for (let i = 1; i < curve.recall.length; i++) {
      trapezoid += ((curve.recall[i - 1]! - curve.recall[i]!) * (curve.precision[i]! + curve.precision[i - 1]!)) / 2;
    }
    const numbers = {
      average_precision: averagePrecision(target, score),
      pr_auc_trapezoid: trapezoid,
      roc_auc: rocAuc(target, score),
      brier: brierScore(target, score),
      log_loss: logLoss(target, score),
    };
    for (const [name, value] of Object.entries(numbers)) {
      expect(near(value, numberOf(c.outputs[name]), c.tolerance), `${name}: ${value}`).toBe(true);
    }
  });

  it.each(casesOf('expected/maximum calibration error'))('%s', (_, c) => {
    const bins = calibrationBins(arrayOf(c.inputs.target).data, arrayOf(c.inputs.score).data as Float64Array, {
      bins: c.params.bins as number,
    });
    const { expected, maximum } = calibrationError(bins);
    expect(near(expected, numberOf(c.outputs.ece), c.tolerance)).toBe(true);
    expect(near(maximum, numberOf(c.outputs.mce), c.tolerance)).toBe(true);
  });

  it.each(casesOf('one-vs-rest'))('%s', (_, c) => {
    const target = arrayOf(c.inputs.target).data;
    const { data, shape } = arrayOf(c.inputs.prob);
    const classes = shape[1]!;
    const column = (k: number, keep = (_: number): boolean => true) => ({
      truth: target.filter((id) => keep(id)).map((id) => (id === k ? 1 : 0)),
      score: Float64Array.from({ length: target.length }, (_, i) => data[i * classes + k]!).filter((_, i) =>
        keep(target[i]!),
      ),
    });
    const ids = Array.from({ length: classes }, (_, k) => k);
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    const precisions = ids.map((k) => averagePrecision(column(k).truth, column(k).score));
    expect(differences(precisions, arrayOf(c.outputs.ap_per_class).data, c.tolerance)).toEqual([]);
    const flags = Uint8Array.from({ length: data.length }, (_, i) =>
      target[Math.floor(i / classes)] === i % classes ? 1 : 0,
    );
    const pairs = ids.flatMap((a) => ids.filter((b) => b > a).map((b) => [a, b] as const));
    const numbers = {
      ap_macro: mean(precisions),
      ap_micro: averagePrecision(flags, data as Float64Array),
      auc_ovr_macro: mean(ids.map((k) => rocAuc(column(k).truth, column(k).score))),
      auc_ovo_macro: mean(
        pairs.map(([a, b]) => {
          const [one, other] = [a, b].map((k) => column(k, (id) => id === a || id === b));
          return (rocAuc(one!.truth, one!.score) + rocAuc(other!.truth, other!.score)) / 2;
        }),
      ),
      log_loss: logLoss(target, data as Float64Array, { classes }),
      top2: topKAccuracy(target, data as Float64Array, { classes, k: 2 }),
    };
    for (const [name, value] of Object.entries(numbers)) {
      expect(near(value, numberOf(c.outputs[name]), c.tolerance), `${name}: ${value}`).toBe(true);
    }
  });
});

describe('images against scikit-image', () => {
  it.each(casesOf('mse/psnr'))('%s', (_, c) => {
    const image = (packed: typeof c.inputs.a) => {
      const { data, shape } = arrayOf(packed);
      return createImage(Float32Array.from(data), shape);
    };
    const [a, b] = [image(c.inputs.a), image(c.inputs.b)];
    const dataRange = c.params.data_range as number;
    const numbers = {
      mse: meanSquaredError(a, b),
      psnr: peakSignalToNoiseRatio(a, b, { dataRange }),
      nrmse: normalizedRootMeanSquareError(a, b),
      ssim_win7: structuralSimilarity(a, b, { dataRange }),
      ssim_gauss: structuralSimilarity(a, b, { dataRange, window: 'gaussian' }),
      nmi: imageMutualInformation(a, b),
    };
    for (const [name, value] of Object.entries(numbers)) {
      // Images hold float32, the goldens are of float64: their tolerance for single precision.
      expect(near(value, numberOf(c.outputs[name]), 2e-5), `${name}: ${value}`).toBe(true);
    }
  });
});
