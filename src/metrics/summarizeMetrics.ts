import { cohenKappa } from './cohenKappa.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import type { MeanOptions } from './counts.js';
import { dice } from './dice.js';
import { f1 } from './f1.js';
import { frequencyWeightedIou } from './frequencyWeightedIou.js';
import { iou } from './iou.js';
import { matthewsCorrelation } from './matthewsCorrelation.js';
import { meanDice } from './meanDice.js';
import { meanF1 } from './meanF1.js';
import { meanIou } from './meanIou.js';
import { meanPixelAccuracy } from './meanPixelAccuracy.js';
import { meanPrecision } from './meanPrecision.js';
import { meanRecall } from './meanRecall.js';
import { pixelAccuracy } from './pixelAccuracy.js';
import { precision } from './precision.js';
import { recall } from './recall.js';

/** All overlap metrics of one confusion matrix; those of a class are `NaN` where it is absent. */
export interface MetricsSummary {
  /** Pixels counted. */
  readonly pixels: number;
  /** Share of pixels predicted rightly. */
  readonly pixelAccuracy: number;
  /** Mean recall of the classes. */
  readonly meanPixelAccuracy: number;
  /** Mean intersection over union of the classes. */
  readonly meanIou: number;
  /** Mean Dice coefficient of the classes. */
  readonly meanDice: number;
  /** Mean precision of the classes. */
  readonly meanPrecision: number;
  /** Mean recall of the classes. */
  readonly meanRecall: number;
  /** Mean F1 score of the classes. */
  readonly meanF1: number;
  /** Mean of the classes' intersection over union, weighted by their pixels in the target. */
  readonly frequencyWeightedIou: number;
  /** Cohen's kappa. */
  readonly cohenKappa: number;
  /** Matthews' correlation coefficient. */
  readonly matthewsCorrelation: number;
  /** Intersection over union of each class. */
  readonly iou: Float64Array;
  /** Dice coefficient of each class. */
  readonly dice: Float64Array;
  /** Precision of each class. */
  readonly precision: Float64Array;
  /** Recall of each class. */
  readonly recall: Float64Array;
  /** F1 score of each class. */
  readonly f1: Float64Array;
}

/**
 * Returns all metrics of a confusion matrix at once.
 *
 * @example
 * ```ts
 * const summary = summarizeMetrics({ classes: 2, counts: new Float64Array([6, 1, 1, 2]) });
 * summary.meanIou; // 0.625
 * summary.recall; // [0.857143, 0.666667]
 * ```
 */
export function summarizeMetrics(matrix: ConfusionMatrix, options: MeanOptions = {}): MetricsSummary {
  return {
    pixels: matrix.counts.reduce((sum, count) => sum + count, 0),
    pixelAccuracy: pixelAccuracy(matrix),
    meanPixelAccuracy: meanPixelAccuracy(matrix, options),
    meanIou: meanIou(matrix, options),
    meanDice: meanDice(matrix, options),
    meanPrecision: meanPrecision(matrix, options),
    meanRecall: meanRecall(matrix, options),
    meanF1: meanF1(matrix, options),
    frequencyWeightedIou: frequencyWeightedIou(matrix),
    cohenKappa: cohenKappa(matrix),
    matthewsCorrelation: matthewsCorrelation(matrix),
    iou: iou(matrix),
    dice: dice(matrix),
    precision: precision(matrix),
    recall: recall(matrix),
    f1: f1(matrix),
  };
}
