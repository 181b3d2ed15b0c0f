import { type ConfusionMatrix, iou, meanDice, meanIou, meanPixelAccuracy, pixelAccuracy } from '../metrics/index.js';

/** The metrics of a confusion matrix that training reports; absent classes are skipped. Internal to the library. */
export function overlapMetrics(confusion: ConfusionMatrix) {
  return {
    pa: pixelAccuracy(confusion),
    mpa: meanPixelAccuracy(confusion, { absent: 'skip' }),
    miou: meanIou(confusion, { absent: 'skip' }),
    dice: meanDice(confusion, { absent: 'skip' }),
    iou: [...iou(confusion)],
  };
}
