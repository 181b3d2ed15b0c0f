import { requireInteger, requireKnownOptions, requireOneOf } from '../core/check.js';
import type { BatchRecord, EpochRecord } from '../training/index.js';
import { isWatched, type ProgressStream } from './isWatched.js';
import { type ProgressBar, progressBar } from './progressBar.js';

/** Options of {@link createConsoleProgress}. */
export interface ConsoleProgressOptions {
  /** Number of epochs, as given to `fit`. */
  readonly epochs: number;
  /** Where to write. @defaultValue process.stderr */
  readonly stream?: ProgressStream;
  /**
   * `'bar'` shows one bar for the whole training, `'lines'` writes a line an epoch, `'none'` nothing; `'auto'` takes a
   * bar on a terminal and lines elsewhere. @defaultValue 'auto'
   */
  readonly mode?: 'auto' | 'bar' | 'lines' | 'none';
}

/** Callbacks of `fit` that show its progress. */
export interface ConsoleProgress {
  /** For `onBatch`. */
  readonly onBatch: (record: BatchRecord) => void;
  /** For `onEpoch`. */
  readonly onEpoch: (record: EpochRecord) => void;
  /** Ends the bar; call it in a `finally`. */
  readonly stop: () => void;
}

/**
 * Returns callbacks for `fit` that show on the console how far a training has come and how well it does.
 *
 * @throws RangeError for epochs below 1 or unknown options.
 *
 * @example
 * ```ts
 * const progress = createConsoleProgress({ epochs: 2, mode: 'none' });
 * progress.onBatch({ epoch: 1, batch: 1, batches: 4, step: 1, loss: 0.7, learningRate: 1e-3 });
 * progress.stop();
 * ```
 */
export function createConsoleProgress(options: ConsoleProgressOptions): ConsoleProgress {
  requireKnownOptions('createConsoleProgress', options, ['epochs', 'stream', 'mode']);
  const { epochs, stream = process.stderr, mode = 'auto' } = options;
  requireInteger('epochs', epochs, { min: 1 });
  requireOneOf('mode', mode, ['auto', 'bar', 'lines', 'none']);
  const shown = mode === 'auto' ? (isWatched(stream) ? 'bar' : 'lines') : mode;
  let bar: ProgressBar | undefined;
  let quality = '';
  return {
    onBatch({ epoch, batch, batches, loss, compileSeconds }) {
      if (compileSeconds !== undefined) {
        quality ||= ` | compiled in ${compileSeconds.toFixed(1)} s`;
        if (shown === 'lines') stream.write(`training step compiled in ${compileSeconds.toFixed(1)} s\n`);
      }
      if (shown !== 'bar') return;
      bar ??= progressBar({ total: epochs * batches, label: 'train', stream, mode: 'bar' });
      const done = Math.min((epoch - 1) * batches + batch, epochs * batches);
      bar.update(done, `epoch ${epoch}/${epochs} | loss ${loss.toFixed(4)}${quality}`);
    },
    onEpoch(record) {
      quality = qualityOf(record);
      const { epoch, trainLoss, seconds } = record;
      if (shown === 'lines') {
        stream.write(`epoch ${epoch}/${epochs} | loss ${trainLoss.toFixed(4)}${quality} | ${seconds.toFixed(1)} s\n`);
      }
    },
    stop: () => bar?.stop(),
  };
}

function qualityOf({ validationLoss, miou }: EpochRecord): string {
  const loss = validationLoss === undefined ? '' : ` | validation ${validationLoss.toFixed(4)}`;
  return `${loss}${miou === undefined ? '' : ` | mIoU ${miou.toFixed(4)}`}`;
}
