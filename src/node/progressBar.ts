import cliProgress from 'cli-progress';
import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import { isWatched, type ProgressStream } from './isWatched.js';

/** Options of {@link progressBar}. */
export interface ProgressBarOptions {
  /** Value at which the work is done, an integer of 1 or more. */
  readonly total: number;
  /** Words in front of the bar. @defaultValue '' */
  readonly label?: string;
  /** Where to write. @defaultValue process.stderr */
  readonly stream?: ProgressStream;
  /**
   * `'bar'` redraws one line, `'lines'` writes a line at most every 10 % and every 5 seconds, `'none'` nothing;
   * `'auto'` takes a bar on a terminal and lines elsewhere (in files, pipes and continuous integration).
   * @defaultValue 'auto'
   */
  readonly mode?: 'auto' | 'bar' | 'lines' | 'none';
}

/** A running progress bar. */
export interface ProgressBar {
  /** Sets the value, and the note behind the bar where one is given. */
  update(value: number, note?: string): void;
  /** Adds one to the value. */
  increment(note?: string): void;
  /** Ends the bar, full or not; call it in a `finally`, since a running bar keeps the process alive. */
  stop(): void;
}

/**
 * Starts a progress bar with the time still to go.
 *
 * @throws RangeError for a total below 1, a value outside 0..total or unknown options.
 *
 * @example
 * ```ts
 * const bar = progressBar({ total: 3, label: 'predict', mode: 'none' });
 * for (let i = 0; i < 3; i++) bar.increment(`image ${i}`);
 * bar.stop();
 * ```
 */
export function progressBar(options: ProgressBarOptions): ProgressBar {
  requireKnownOptions('progressBar', options, ['total', 'label', 'stream', 'mode']);
  const { total, label = '', stream = process.stderr, mode = 'auto' } = options;
  requireInteger('total', total, { min: 1 });
  requireOneOf('mode', mode, ['auto', 'bar', 'lines', 'none']);
  const chosen = mode === 'auto' ? (isWatched(stream) ? 'bar' : 'lines') : mode;
  const show =
    chosen === 'bar' ? barOf(total, label, stream) : chosen === 'lines' ? linesOf(total, label, stream) : none();
  let value = 0;
  let stopped = false;
  const update = (next: number, note?: string) => {
    requireNumber('value', next, { min: 0, max: total });
    value = next;
    if (!stopped) show.update(next, note);
  };
  return {
    update,
    increment: (note) => update(value + 1, note),
    stop() {
      if (!stopped) show.stop();
      stopped = true;
    },
  };
}

interface Shown {
  update(value: number, note: string | undefined): void;
  stop(): void;
}

function none(): Shown {
  return { update: () => undefined, stop: () => undefined };
}

function barOf(total: number, label: string, stream: ProgressStream): Shown {
  const bar = new cliProgress.SingleBar({
    // Of a stream it uses what ProgressStream names.
    stream: stream as NodeJS.WritableStream,
    format: `${label ? `${label} ` : ''}{bar} {percentage}% | {value}/{total} | {eta_formatted} left{note}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: Math.max(8, Math.min(28, (stream.columns ?? 80) - label.length - 60)),
    // A bar that changes the cursor or the wrapping would leave the terminal so when it is killed.
    hideCursor: null,
    linewrap: true,
    gracefulExit: false,
    noTTYOutput: true,
  });
  let last = '';
  bar.start(total, 0, { note: '' });
  return {
    update(value, note) {
      if (note !== undefined) last = ` | ${note}`;
      bar.update(value, { note: last });
    },
    stop: () => bar.stop(),
  };
}

function linesOf(total: number, label: string, stream: ProgressStream): Shown {
  const started = performance.now();
  let written = { value: 0, at: started };
  let now = { value: 0, note: '' };
  const write = () => {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    const percent = Math.floor((100 * now.value) / total);
    const note = now.note ? `, ${now.note}` : '';
    stream.write(`${label ? `${label}: ` : ''}${now.value}/${total} (${percent} %) after ${seconds} s${note}\n`);
    written = { value: now.value, at: performance.now() };
  };
  return {
    update(value, note) {
      now = { value, note: note ?? now.note };
      const far = value - written.value >= total / 10;
      if (value > written.value && (value === total || (far && performance.now() - written.at >= 5000))) write();
    },
    stop() {
      if (now.value > written.value) write();
    },
  };
}
