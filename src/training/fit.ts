import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireInteger } from '../core/check.js';
import { takeTurns } from '../core/turn.js';
import { requireTraining } from '../engine/index.js';
import type { DeepLoss, Loss } from '../losses/index.js';
import { BestWeights } from './bestWeights.js';
import { evaluate } from './evaluate.js';
import { checkFitOptions, type FitOptions, type FitSettings } from './fitOptions.js';
import type { EpochRecord, History } from './history.js';
import { setLearningRate } from './learningRate.js';
import { sampleReader } from './sampleReader.js';
import { segmentationModel } from './segmentationModel.js';
import { type Progress, trainEpoch } from './trainEpoch.js';
import { trainableVariables } from './trainStep.js';

/**
 * Trains a model in place and returns what happened, epoch by epoch.
 *
 * Each epoch goes through all samples in a new order, in batches of `batchSize` (the last may be smaller), then
 * measures on the validation; the weights of the best epoch (moving statistics of normalisation layers too) are put
 * back at the end. The loss is what `loss` says plus the model's regularisers. Of a model with several outputs, for deep
 * supervision, the loss takes all, and the first is measured. Order and augmentation come from
 * `seed` alone: the same seed, data and initial weights give the same bytes on the same backend.
 *
 * The event loop gets its turn between batches. However it ends, no tensor is left but the optimiser's state, and the
 * optimiser has its learning rate back.
 *
 * @throws EngineError where the active backend cannot train; RangeError or TypeError for options or samples out of
 * range (a missing mask, a class id that the model lacks, other sizes within a batch: with the sample's name);
 * Error where the loss is no longer finite, with epoch and batch; the signal's reason when aborted. Best weights so
 * far are put back in all these cases.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1 });
 * const data = [{ image: createImage(new Float32Array(64), [8, 8]), mask: createMask(undefined, [8, 8]) }];
 * const optimizer = adamW(1e-3);
 * const history = await fit(model, { data, loss: diceLoss({ mode: 'multiclass' }), optimizer, epochs: 2, batchSize: 1, seed: 7 });
 * history.epochs.length; // 2
 * optimizer.dispose();
 * model.dispose();
 * ```
 */
export function fit(model: LayersModel, options: FitOptions): Promise<History>;
export function fit(model: LayersModel, options: FitOptions<DeepLoss>): Promise<History>;
export async function fit(model: LayersModel, options: FitOptions<Loss | DeepLoss>): Promise<History> {
  requireTraining();
  const settings = checkFitOptions(options);
  const target = segmentationModel(model, settings.mode);
  const { ignoreIndex, signal, optimizer, monitor, patience } = settings;
  if (ignoreIndex !== undefined) requireInteger('ignoreIndex', ignoreIndex, { min: target.classes, max: 255 });
  const reader = sampleReader('data', settings.data, settings.transform, target, ignoreIndex);
  if (settings.validation) sampleReader('validation', settings.validation, undefined, target);
  trainableVariables(target);

  const best = new BestWeights(model, monitor, settings.restoreBest);
  const epochs: EpochRecord[] = [];
  const began = performance.now();
  const progress: Progress = {
    steps: 0,
    endsAt: began + settings.maxMinutes * 60_000,
    stoppedBy: undefined,
    turn: takeTurns(signal),
  };
  try {
    for (let epoch = 0; epoch < settings.epochs && progress.stoppedBy === undefined; epoch++) {
      const epochBegan = performance.now();
      const trained = await trainEpoch(epoch, target, reader, settings, progress);
      const measured = await validate(model, settings, epoch);
      const seconds = (performance.now() - epochBegan) / 1000;
      const record: EpochRecord = { epoch: epoch + 1, ...trained, ...measured, seconds };
      epochs.push(record);
      if (best.consider(record)) await settings.onBest?.(record);
      await settings.onEpoch?.(record);
      if (epoch + 1 === settings.epochs) break;
      if (performance.now() >= progress.endsAt) progress.stoppedBy ??= 'maxMinutes';
      if (epoch + 1 - (best.best?.epoch ?? 0) >= patience) progress.stoppedBy ??= 'patience';
    }
  } finally {
    setLearningRate(optimizer, settings.learningRate);
    best.restore();
  }
  return {
    epochs,
    ...(best.best === undefined ? {} : { best: best.best }),
    monitor,
    stoppedBy: progress.stoppedBy ?? 'epochs',
    steps: progress.steps,
    seconds: (performance.now() - began) / 1000,
  };
}

/** Measures the epoch, as far as there is something to measure on. */
async function validate(model: LayersModel, settings: FitSettings, epoch: number): Promise<Partial<EpochRecord>> {
  const { validation, validationTransform, validationBatchSize, loss, mode, ignoreIndex, seed, signal } = settings;
  if (validation === undefined) return {};
  const now: DeepLoss = (target, levels) => (loss as DeepLoss)(target, levels, epoch);
  const {
    loss: validationLoss,
    samples,
    ...metrics
  } = await evaluate(model, {
    ...{ data: validation, batchSize: validationBatchSize, seed },
    loss: (model.outputs.length > 1 ? now : loss) as Loss,
    ...(validationTransform === undefined ? {} : { transform: validationTransform }),
    ...(mode === undefined ? {} : { mode }),
    ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
    ...(signal === undefined ? {} : { signal }),
  });
  return { ...(validationLoss === undefined ? {} : { validationLoss }), ...metrics };
}
