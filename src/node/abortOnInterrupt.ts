import { requireKnownOptions, show } from '../core/check.js';

/** Options of {@link abortOnInterrupt}. */
export interface AbortOnInterruptOptions {
  /** Ends the watch once it is aborted, so that an interrupt stops the process as usual again. @defaultValue none */
  readonly until?: AbortSignal;
}

/**
 * Returns a signal that is aborted by the first Ctrl-C (`SIGINT`) or `SIGTERM`, to hand to `fit` and `predict`, so that
 * they end in order. A second interrupt ends the process at once. The reason is an `Error` whose `name` is
 * `'AbortError'`.
 *
 * @throws TypeError where `until` is no AbortSignal; RangeError for unknown options.
 *
 * @example
 * ```ts
 * const done = new AbortController();
 * const signal = abortOnInterrupt({ until: done.signal });
 * signal.aborted; // false
 * done.abort();
 * ```
 */
export function abortOnInterrupt(options: AbortOnInterruptOptions = {}): AbortSignal {
  requireKnownOptions('abortOnInterrupt', options, ['until']);
  const { until } = options;
  if (until !== undefined && !(until instanceof AbortSignal)) {
    throw new TypeError(`until must be an AbortSignal, got ${show(until)}.`);
  }
  const controller = new AbortController();
  const release = () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    until?.removeEventListener('abort', release);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    release();
    const reason = new Error(`interrupted by ${signal}`);
    reason.name = 'AbortError';
    controller.abort(reason);
  };
  if (until?.aborted) return controller.signal;
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  until?.addEventListener('abort', release);
  return controller.signal;
}
