import type { ConfusionMatrix } from '../metrics/index.js';

/** What `fit` can choose the best weights by. */
export type Monitor = 'miou' | 'dice' | 'pa' | 'mpa' | 'validationLoss' | 'trainLoss';

/** What is known after one epoch of `fit`. Fields of the validation are absent where there is none. */
export interface EpochRecord {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Mean of the losses of the epoch's batches, each weighted by its number of samples; the weights move meanwhile. */
  readonly trainLoss: number;
  /** Mean of the losses of the validation batches, each weighted by its number of samples. */
  readonly validationLoss?: number;
  /** Pixel accuracy, 0..1, of the validation; all metrics are of one confusion matrix, summed over the samples. */
  readonly pa?: number;
  /** Mean pixel accuracy, 0..1; a class that is absent from the truth is skipped. */
  readonly mpa?: number;
  /** Mean intersection over union, 0..1; a class that is absent from both is skipped. */
  readonly miou?: number;
  /** Mean Dice coefficient, 0..1; a class that is absent from both is skipped. */
  readonly dice?: number;
  /** Intersection over union of each class, `NaN` for an absent one. */
  readonly iou?: readonly number[];
  /** Pixel accuracy over the training batches, with `trainMetrics`; the weights move meanwhile. */
  readonly trainPa?: number;
  /** Mean pixel accuracy over the training batches, with `trainMetrics`. */
  readonly trainMpa?: number;
  /** Mean intersection over union over the training batches, with `trainMetrics`. */
  readonly trainMiou?: number;
  /** Mean Dice coefficient over the training batches, with `trainMetrics`. */
  readonly trainDice?: number;
  /** Confusion matrix of the validation. */
  readonly confusion?: ConfusionMatrix;
  /** Learning rate of the epoch's last batch. */
  readonly learningRate: number;
  /** Batches trained on; fewer than the data fill where the clock or `maxSteps` ended the epoch. */
  readonly batches: number;
  /** Wall-clock time of the epoch, its validation included. */
  readonly seconds: number;
}

/** What `fit` returns. */
export interface History {
  /** One record an epoch, in order. */
  readonly epochs: readonly EpochRecord[];
  /** The epoch whose monitored value was best, and that value; absent where it never was a number. */
  readonly best?: {
    /** Number of the epoch, from 1. */
    readonly epoch: number;
    /** What `monitor` names, after that epoch. */
    readonly value: number;
  };
  /** What the best was chosen by. */
  readonly monitor: Monitor;
  /** Why training ended. */
  readonly stoppedBy: 'epochs' | 'maxMinutes' | 'maxSteps' | 'patience';
  /** Batches trained on. */
  readonly steps: number;
  /** Wall-clock time. */
  readonly seconds: number;
}
