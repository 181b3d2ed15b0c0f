import { dispose, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Transform } from '../augment/index.js';
import { requireInteger, requireKnownOptions } from '../core/check.js';
import { Random } from '../core/random.js';
import { takeTurns } from '../core/turn.js';
import type { Sample } from '../core/types.js';
import type { DeepLoss, Loss } from '../losses/index.js';
import { addConfusionMatrices, type ConfusionMatrix, confusionMatrix } from '../metrics/index.js';
import { toBatch } from './batch.js';
import { overlapMetrics } from './overlapMetrics.js';
import { predictedMasks } from './predictedMasks.js';
import { sampleReader } from './sampleReader.js';
import type { SampleSource } from './sampleSource.js';
import { applyModel, lossOf, type SegmentationMode, segmentationModel } from './segmentationModel.js';

/** Options of {@link evaluate}. */
export interface EvaluateOptions<AnyLoss = Loss> {
  /** Images with their masks. */
  readonly data: readonly Sample[] | SampleSource;
  /** What makes samples ready for the model: resize, normalise. Its images must be float. @defaultValue none */
  readonly transform?: Transform;
  /** Measured as well, where given; of a model of several outputs a `deepSupervision`, at its step 0. */
  readonly loss?: AnyLoss;
  /** @defaultValue 'binary' for a model of one output channel, else 'multiclass' */
  readonly mode?: SegmentationMode;
  /** Samples a forward pass; more than 1 asks for samples of one size. @defaultValue 1 */
  readonly batchSize?: number;
  /** Pixels with this id in a mask are left out of the metrics. @defaultValue none */
  readonly ignoreIndex?: number;
  /** Sample `index` is transformed with `new Random(seed).split(0, index)`. @defaultValue 0 */
  readonly seed?: number;
  /** Stops between batches. */
  readonly signal?: AbortSignal;
}

/** What {@link evaluate} returns; metrics are of one confusion matrix over all pixels, absent classes are skipped. */
export interface Evaluation {
  /** Samples seen. */
  readonly samples: number;
  /** Mean of the losses of the batches, weighted by their numbers of samples. */
  readonly loss?: number;
  /** Pixel accuracy, 0..1. */
  readonly pa: number;
  /** Mean pixel accuracy, 0..1. */
  readonly mpa: number;
  /** Mean intersection over union, 0..1. */
  readonly miou: number;
  /** Mean Dice coefficient, 0..1. */
  readonly dice: number;
  /** Intersection over union of each class, `NaN` for an absent one. */
  readonly iou: readonly number[];
  /** Pixel counts, `[truth * classes + predicted]`; a binary model has two classes. */
  readonly confusion: ConfusionMatrix;
}

/**
 * Measures a model on samples with masks. The class of a pixel is the largest logit, or, for a binary model, 1 where
 * the logit is above 0 (probability above 0.5); of several outputs the first counts. All counts go into one confusion matrix before any metric is taken
 * (Yuan 2023).
 *
 * @throws RangeError or TypeError for samples that do not fit the model, naming them; the signal's reason when aborted.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1 });
 * const sample = { image: createImage(new Float32Array(64), [8, 8]), mask: createMask(undefined, [8, 8]) };
 * const { confusion } = await evaluate(model, { data: [sample] });
 * confusion.counts[0] + confusion.counts[1]; // 64
 * model.dispose();
 * ```
 */
export function evaluate(model: LayersModel, options: EvaluateOptions): Promise<Evaluation>;
export function evaluate(model: LayersModel, options: EvaluateOptions<DeepLoss>): Promise<Evaluation>;
export async function evaluate(model: LayersModel, options: EvaluateOptions<Loss | DeepLoss>): Promise<Evaluation> {
  requireKnownOptions('evaluate', options, [
    'data',
    'transform',
    'loss',
    'mode',
    'batchSize',
    'ignoreIndex',
    'seed',
    'signal',
  ]);
  const { data, transform, loss, mode, batchSize = 1, ignoreIndex, seed = 0, signal } = options;
  const target = segmentationModel(model, mode);
  requireInteger('batchSize', batchSize, { min: 1 });
  if (ignoreIndex !== undefined) requireInteger('ignoreIndex', ignoreIndex, { min: target.classes, max: 255 });
  const reader = sampleReader('data', data, transform, target, ignoreIndex);
  const random = new Random(seed);
  const matrixOptions = { classes: target.classes, ...(ignoreIndex === undefined ? {} : { ignoreIndex }) };
  const turn = takeTurns(signal);
  let confusion: ConfusionMatrix | undefined;
  let lossSum = 0;
  for (let from = 0; from < reader.length; from += batchSize) {
    await turn();
    const samples = [];
    for (let i = from; i < Math.min(from + batchSize, reader.length); i++) {
      samples.push(await reader.read(i, random.split(0, i)));
    }
    const batch = toBatch(samples, target.mode);
    const tensors: Tensor[] = [batch.images, batch.target];
    try {
      const { logits, value } = tidy(() => {
        const output = applyModel(target, batch.images, false);
        const value = loss === undefined ? undefined : lossOf(loss, batch.target, output, 0);
        return { logits: output.logits, value };
      });
      tensors.push(logits);
      if (value !== undefined) tensors.push(value);
      const counts = confusionMatrix(batch.masks, await predictedMasks(logits), matrixOptions);
      confusion = confusion === undefined ? counts : addConfusionMatrices(confusion, counts);
      if (value !== undefined) lossSum += (await value.data())[0]! * samples.length;
    } finally {
      dispose(tensors);
    }
  }
  return {
    samples: reader.length,
    ...(loss === undefined ? {} : { loss: lossSum / reader.length }),
    ...overlapMetrics(confusion!),
    confusion: confusion!,
  };
}
