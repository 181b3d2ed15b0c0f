import type { InstanceCounts } from './instanceCounts.js';

/** Scores of objects, in 0..1; `NaN` where they are 0 / 0. */
export interface InstanceScores {
  /** Share of the predicted objects that match. */
  readonly precision: number;
  /** Share of the true objects that were found. */
  readonly recall: number;
  /** 2 tp / (2 tp + fp + fn); the recognition quality of panoptic quality. */
  readonly f1: number;
  /** tp / (tp + fp + fn), which StarDist calls accuracy, and cell segmentation average precision at the threshold. */
  readonly accuracy: number;
  /** Mean intersection over union of the matched pairs: segmentation quality. */
  readonly segmentationQuality: number;
  /** Panoptic quality, f1 times segmentation quality (Kirillov et al. 2019). */
  readonly panopticQuality: number;
  /** Sum of the pairs' intersections over union over the number of true objects. */
  readonly meanTrueIou: number;
}

/**
 * Returns what is reported of counted objects.
 *
 * @example
 * ```ts
 * const target = createLabels([1, 1, 0, 2], [1, 4]);
 * const predicted = createLabels([7, 7, 0, 0], [1, 4]);
 * const { precision, recall, panopticQuality } = instanceScores(instanceCounts(target, predicted));
 * precision; // 1
 * recall; // 0.5
 * panopticQuality; // 0.666667
 * ```
 */
export function instanceScores(counts: InstanceCounts): InstanceScores {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, iouSum } = counts;
  return {
    precision: tp / (tp + fp),
    recall: tp / (tp + fn),
    f1: (2 * tp) / (2 * tp + fp + fn),
    accuracy: tp / (tp + fp + fn),
    segmentationQuality: iouSum / tp,
    panopticQuality: iouSum / (tp + (fp + fn) / 2),
    meanTrueIou: iouSum / (tp + fn),
  };
}
