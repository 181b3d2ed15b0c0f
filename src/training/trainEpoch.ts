import { dispose, type Variable } from '@tensorflow/tfjs-core';
import { requireNumber } from '../core/check.js';
import { Random } from '../core/random.js';
import { currentEngine } from '../engine/index.js';
import { addConfusionMatrices, type ConfusionMatrix, confusionMatrix } from '../metrics/index.js';
import { toBatch } from './batch.js';
import type { FitSettings } from './fitOptions.js';
import type { EpochRecord, History } from './history.js';
import { setLearningRate } from './learningRate.js';
import { overlapMetrics } from './overlapMetrics.js';
import { predictedMasks } from './predictedMasks.js';
import type { ReadSample, SampleReader } from './sampleReader.js';
import type { SegmentationModel } from './segmentationModel.js';
import { trainableVariables, trainStep } from './trainStep.js';

/** How far training has come. Internal to the library. */
export interface Progress {
  /** Batches trained on. */
  steps: number;
  /** Time, as of `performance.now()`, after which no further batch is begun. */
  readonly endsAt: number;
  /** Why training ends after the running epoch, once it does. */
  stoppedBy: History['stoppedBy'] | undefined;
  /** Gives the event loop a turn; throws when aborted. */
  readonly turn: () => Promise<void>;
}

type TrainRecord = Pick<EpochRecord, 'trainLoss' | 'learningRate' | 'batches'> &
  Partial<Pick<EpochRecord, 'trainPa' | 'trainMpa' | 'trainMiou' | 'trainDice'>>;

/** Goes through the data once, or until the clock or the number of steps ends it. */
export async function trainEpoch(
  epoch: number,
  target: SegmentationModel,
  reader: SampleReader,
  settings: FitSettings,
  progress: Progress,
): Promise<TrainRecord> {
  const { batchSize, schedule, scheduleBy, optimizer } = settings;
  const variables = trainableVariables(target);
  const random = new Random(settings.seed);
  const indices = Array.from({ length: reader.length }, (_, index) => index);
  const order = settings.shuffle ? random.split(epoch).shuffle(indices) : indices;
  const batches = Math.ceil(order.length / batchSize);
  let confusion: ConfusionMatrix | undefined;
  let lossSum = 0;
  let seen = 0;
  let batch = 0;
  let learningRate = 0;
  while (batch < batches && progress.stoppedBy === undefined) {
    await progress.turn();
    const factor = schedule(scheduleBy === 'batch' ? epoch + batch / batches : epoch);
    requireNumber('the factor that schedule returns', factor, { min: 0 });
    learningRate = settings.learningRate * factor;
    setLearningRate(optimizer, learningRate);
    const samples = [];
    for (const index of order.slice(batch * batchSize, (batch + 1) * batchSize)) {
      samples.push(await reader.read(index, random.split(epoch, index)));
    }
    batch++;
    const compiledBefore = currentEngine().compileSeconds();
    const { loss, counts } = await trainBatch(samples, target, variables, epoch, settings);
    if (!Number.isFinite(loss)) {
      throw new Error(
        `the loss became ${loss} in epoch ${epoch + 1}, batch ${batch} of ${batches} ` +
          `(${samples.map(({ name }) => name).join(', ')}); lower the learning rate, clip the gradients (clipNorm), ` +
          'or look at these samples.',
      );
    }
    lossSum += loss * samples.length;
    seen += samples.length;
    if (counts !== undefined) confusion = confusion === undefined ? counts : addConfusionMatrices(confusion, counts);
    const step = ++progress.steps;
    const compileSeconds = currentEngine().compileSeconds() - compiledBefore;
    const compiled = compileSeconds > 0 ? { compileSeconds } : {};
    await settings.onBatch?.({ epoch: epoch + 1, batch, batches, step, loss, learningRate, ...compiled });
    if (performance.now() >= progress.endsAt) progress.stoppedBy = 'maxMinutes';
    else if (step >= settings.maxSteps) progress.stoppedBy = 'maxSteps';
  }
  return { trainLoss: lossSum / seen, ...trainMetricsOf(confusion), learningRate, batches: batch };
}

async function trainBatch(
  samples: readonly ReadSample[],
  target: SegmentationModel,
  variables: Variable[],
  epoch: number,
  { loss, optimizer, clipNorm, trainMetrics, ignoreIndex }: FitSettings,
): Promise<{ loss: number; counts: ConfusionMatrix | undefined }> {
  const batch = toBatch(samples, target.mode);
  const tensors = [batch.images, batch.target];
  try {
    const step = await trainStep(target, variables, batch, {
      ...{ loss, epoch, optimizer, clipNorm },
      keepLogits: trainMetrics,
    });
    if (step.logits === undefined) return { loss: step.loss, counts: undefined };
    tensors.push(step.logits);
    if (!Number.isFinite(step.loss)) return { loss: step.loss, counts: undefined };
    const options = { classes: target.classes, ...(ignoreIndex === undefined ? {} : { ignoreIndex }) };
    return { loss: step.loss, counts: confusionMatrix(batch.masks, await predictedMasks(step.logits), options) };
  } finally {
    dispose(tensors);
  }
}

function trainMetricsOf(confusion: ConfusionMatrix | undefined): Partial<TrainRecord> {
  if (confusion === undefined) return {};
  const { pa, mpa, miou, dice } = overlapMetrics(confusion);
  return { trainPa: pa, trainMpa: mpa, trainMiou: miou, trainDice: dice };
}
