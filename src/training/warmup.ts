import { requireInteger, requireKnownOptions, requireNumber, show } from '../core/check.js';
import type { Schedule } from './schedule.js';

/** Options of {@link warmup}. */
export interface WarmupOptions {
  /** Epochs until the full rate. */
  readonly epochs: number;
  /** Factor of the first epoch, 0..1. @defaultValue 1 / 3 */
  readonly startFactor?: number;
  /** The schedule that follows; it counts its epochs from the end of the warm-up. @defaultValue the full rate */
  readonly next?: Schedule;
}

/**
 * Returns the schedule that raises the learning rate along a line from `startFactor` to 1 and then follows another:
 * PyTorch's `LinearLR`, joined to `next` by `SequentialLR`.
 *
 * @throws RangeError or TypeError for options outside their range.
 *
 * @example
 * ```ts
 * const schedule = warmup({ epochs: 4, startFactor: 0, next: stepLr({ stepSize: 5, gamma: 0.9 }) });
 * [schedule(0), schedule(1), schedule(4), schedule(9)]; // [0, 0.25, 1, 0.9]
 * ```
 */
export function warmup(options: WarmupOptions): Schedule {
  requireKnownOptions('warmup', options, ['epochs', 'startFactor', 'next']);
  const { epochs, startFactor = 1 / 3, next = () => 1 } = options;
  requireInteger('epochs', epochs, { min: 1 });
  requireNumber('startFactor', startFactor, { min: 0, max: 1 });
  if (typeof next !== 'function') throw new TypeError(`next must be a schedule, got ${show(next)}.`);
  return (epoch) => (epoch < epochs ? startFactor + ((1 - startFactor) * epoch) / epochs : next(epoch - epochs));
}
