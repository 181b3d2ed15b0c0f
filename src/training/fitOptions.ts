import type { Optimizer } from '@tensorflow/tfjs-core';
import type { Transform } from '../augment/index.js';
import { requireInteger, requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import type { Sample } from '../core/types.js';
import type { DeepLoss, Loss } from '../losses/index.js';
import type { EpochRecord, Monitor } from './history.js';
import { learningRateOf } from './learningRate.js';
import type { SampleSource } from './sampleSource.js';
import type { Schedule } from './schedule.js';
import type { SegmentationMode } from './segmentationModel.js';

/** What `onBatch` of {@link FitOptions} is told. */
export interface BatchRecord {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Number of the batch in its epoch, from 1. */
  readonly batch: number;
  /** Batches in an epoch. */
  readonly batches: number;
  /** Number of the batch in the whole training, from 1. */
  readonly step: number;
  /** Loss of the batch, before its step. */
  readonly loss: number;
  /** Learning rate of the step. */
  readonly learningRate: number;
  /** Seconds for which the engine compiled the step: left out where it did not, as in all but the first of a shape. */
  readonly compileSeconds?: number;
}

/** Options of `fit`. */
export interface FitOptions<AnyLoss = Loss> {
  /** Images with their masks. */
  readonly data: readonly Sample[] | SampleSource;
  /**
   * Makes a sample ready for the model, augmentation included. It is given `new Random(seed).split(epoch, index)`, the
   * epochs counted from 0, so what it draws never depends on the order of calls. Its images must be float.
   * @defaultValue none
   */
  readonly transform?: Transform;
  /** Images with masks to measure on after each epoch. @defaultValue none */
  readonly validation?: readonly Sample[] | SampleSource;
  /** Makes those ready; given `new Random(seed).split(0, index)` in every epoch. @defaultValue none */
  readonly validationTransform?: Transform;
  /**
   * What to minimise, of targets and logits. A model of several outputs takes a loss of all of them (`deepSupervision`),
   * whose step is the number of epochs done.
   */
  readonly loss: AnyLoss;
  /** How logits become classes. @defaultValue 'binary' for a model of one output channel, else 'multiclass' */
  readonly mode?: SegmentationMode;
  /** Moves the weights; its state stays, for a later `fit` to go on with, until the caller disposes it. */
  readonly optimizer: Optimizer;
  /** Factor on the optimiser's learning rate, which is put back at the end. @defaultValue 1 throughout */
  readonly schedule?: Schedule;
  /** Whether the schedule is asked once an epoch, as in PyTorch, or before each batch. @defaultValue 'epoch' */
  readonly scheduleBy?: 'epoch' | 'batch';
  /** How often to go through the data. */
  readonly epochs: number;
  /** Samples a step; what is left over at the end of an epoch makes a smaller batch. */
  readonly batchSize: number;
  /** Samples a forward pass of the validation; more than 1 asks for samples of one size. @defaultValue 1 */
  readonly validationBatchSize?: number;
  /** Seed of shuffling and of the transforms. */
  readonly seed: number;
  /** Whether each epoch goes through the data in a new order. @defaultValue true */
  readonly shuffle?: boolean;
  /** Scales the gradients so that their joint norm is at most this. @defaultValue no clipping */
  readonly clipNorm?: number;
  /** Masks may hold this id; the validation leaves it out (the loss must be told by itself). @defaultValue none */
  readonly ignoreIndex?: number;
  /** Whether the metrics of the training batches are taken as well. @defaultValue false */
  readonly trainMetrics?: boolean;
  /** What the best weights are chosen by. @defaultValue 'miou' with a validation, else 'trainLoss' */
  readonly monitor?: Monitor;
  /** Whether the model ends with its best weights. @defaultValue true with a validation or a `monitor`, else false */
  readonly restoreBest?: boolean;
  /** Ends after this many epochs without a better one. @defaultValue never */
  readonly patience?: number;
  /** Ends after the batch during which this time runs out; a validation follows. @defaultValue never */
  readonly maxMinutes?: number;
  /** Ends after this many batches; a validation follows. @defaultValue never */
  readonly maxSteps?: number;
  /** Stops between batches: `fit` rejects with its reason, the model keeps its best weights. */
  readonly signal?: AbortSignal;
  /** Called after each step; waited for. */
  readonly onBatch?: (record: BatchRecord) => void | Promise<void>;
  /** Called after each epoch, after `onBest`; waited for. */
  readonly onEpoch?: (record: EpochRecord) => void | Promise<void>;
  /** Called after an epoch that is the best so far, while the model has its weights; waited for. */
  readonly onBest?: (record: EpochRecord) => void | Promise<void>;
}

const KNOWN: readonly (keyof FitOptions)[] = [
  'data',
  'transform',
  'validation',
  'validationTransform',
  'loss',
  'mode',
  'optimizer',
  'schedule',
  'scheduleBy',
  'epochs',
  'batchSize',
  'validationBatchSize',
  'seed',
  'shuffle',
  'clipNorm',
  'ignoreIndex',
  'trainMetrics',
  'monitor',
  'restoreBest',
  'patience',
  'maxMinutes',
  'maxSteps',
  'signal',
  'onBatch',
  'onEpoch',
  'onBest',
];

const MONITORS: readonly Monitor[] = ['miou', 'dice', 'pa', 'mpa', 'validationLoss', 'trainLoss'];

/** Fills in the defaults; throws where an option is out of range. Internal to the library. */
export function checkFitOptions(options: FitOptions<Loss | DeepLoss>) {
  requireKnownOptions('fit', options, KNOWN);
  const { epochs, batchSize, validationBatchSize = 1, seed, shuffle = true, trainMetrics = false } = options;
  const { validation, schedule = () => 1, scheduleBy = 'epoch' } = options;
  const { clipNorm, patience = Number.POSITIVE_INFINITY } = options;
  const { maxMinutes = Number.POSITIVE_INFINITY, maxSteps = Number.POSITIVE_INFINITY } = options;
  requireInteger('epochs', epochs, { min: 1 });
  requireInteger('batchSize', batchSize, { min: 1 });
  requireInteger('validationBatchSize', validationBatchSize, { min: 1 });
  requireInteger('seed', seed, { min: 0 });
  if (clipNorm !== undefined) requireNumber('clipNorm', clipNorm, { above: 0 });
  if (patience !== Number.POSITIVE_INFINITY) requireInteger('patience', patience, { min: 1 });
  if (maxMinutes !== Number.POSITIVE_INFINITY) requireNumber('maxMinutes', maxMinutes, { above: 0 });
  if (maxSteps !== Number.POSITIVE_INFINITY) requireInteger('maxSteps', maxSteps, { min: 1 });
  requireOneOf('scheduleBy', scheduleBy, ['epoch', 'batch']);
  for (const [name, value] of Object.entries({ loss: options.loss, schedule })) {
    if (typeof value !== 'function') throw new TypeError(`${name} must be a function, got ${show(value)}.`);
  }
  const monitor = options.monitor ?? (validation === undefined ? 'trainLoss' : 'miou');
  requireOneOf('monitor', monitor, MONITORS);
  if (validation === undefined && monitor !== 'trainLoss') {
    throw new RangeError(`monitor must be 'trainLoss' where there is no validation, got '${monitor}'.`);
  }
  const restoreBest = options.restoreBest ?? (validation !== undefined || options.monitor !== undefined);
  const learningRate = learningRateOf(options.optimizer);
  return {
    ...options,
    ...{ validationBatchSize, shuffle, trainMetrics, schedule, scheduleBy },
    ...{ clipNorm, patience, maxMinutes, maxSteps, monitor, restoreBest, learningRate },
  };
}

/** The options of `fit` with their defaults. Internal to the library. */
export type FitSettings = ReturnType<typeof checkFitOptions>;
