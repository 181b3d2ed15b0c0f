import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Sample } from 'segkit';
import type { Transform } from 'segkit/augment';
import type { Loss } from 'segkit/losses';
import { saveSafetensors } from 'segkit/models';
import { csvLogger, progressBar, writeFileAtomic } from 'segkit/node';
import { adamW, type EpochRecord, fit, type History, type SampleSource } from 'segkit/training';

/** A training as the stories need it. */
export interface Training {
  readonly data: readonly Sample[] | SampleSource;
  readonly transform: Transform;
  readonly validation?: readonly Sample[] | SampleSource;
  readonly validationTransform?: Transform;
  readonly loss: Loss;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** Ends the training by the clock. */
  readonly maxMinutes?: number;
  /** Folder for `training.csv` and `weights.safetensors`. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Trains with AdamW, a progress bar, a CSV log and the weights on disk: with a validation the best ones, by mean IoU,
 * else the last. The learning rate falls to 0.3 of itself after 40 % of the training, and to 0.09 after 80 %; the clock
 * counts where it will end the training.
 */
export async function train(model: LayersModel, training: Training): Promise<History> {
  const { folder, learningRate, weightDecay, maxMinutes, ...options } = training;
  const { epochs, batchSize, data } = options;
  const optimizer = adamW(learningRate, { weightDecay, decayBias: false, decayNorm: false });
  const bar = progressBar({ total: epochs * Math.ceil(data.length / batchSize), label: 'train' });
  const log = csvLogger(`${folder}/training.csv`, { mode: 'replace' });
  const started = performance.now();
  let note = '';
  const save = async () => writeFileAtomic(`${folder}/weights.safetensors`, await saveSafetensors(model));
  try {
    bar.update(0, 'first step');
    const history = await fit(model, {
      ...options,
      optimizer,
      schedule: (epoch) => {
        const clock = maxMinutes === undefined ? 0 : (performance.now() - started) / (maxMinutes * 60_000);
        const share = Math.max(epoch / epochs, clock);
        return share < 0.4 ? 1 : share < 0.8 ? 0.3 : 0.09;
      },
      ...(maxMinutes === undefined ? {} : { maxMinutes }),
      onBatch: ({ step, compileSeconds }) => {
        if (compileSeconds !== undefined) note ||= `training step compiled in ${compileSeconds.toFixed(1)} s`;
        bar.update(step, note);
      },
      onEpoch: (record) => {
        log.log(record);
        note = describeEpoch(record);
      },
      ...(options.validation === undefined ? {} : { onBest: save }),
    });
    if (options.validation === undefined) await save();
    return history;
  } finally {
    bar.stop();
    log.close();
    optimizer.dispose();
  }
}

function describeEpoch({ epoch, trainLoss, miou }: EpochRecord): string {
  return `epoch ${epoch}: loss ${trainLoss.toFixed(3)}${miou === undefined ? '' : `, validation MIoU ${miou.toFixed(3)}`}`;
}
