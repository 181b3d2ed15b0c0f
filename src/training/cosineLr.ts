import { requireInteger, requireKnownOptions, requireNumber } from '../core/check.js';
import { cos } from '../core/math.js';
import type { Schedule } from './schedule.js';

/** Options of {@link cosineLr}. */
export interface CosineLrOptions {
  /** Epochs of half a cosine, from the full rate to the least one (`T_max`). */
  readonly epochs: number;
  /** The least factor, 0..1 (`eta_min` over the learning rate). @defaultValue 0 */
  readonly minFactor?: number;
}

/**
 * Returns the schedule that lowers the learning rate along half a cosine over `epochs`, as PyTorch's
 * `CosineAnnealingLR`; after that it rises again, with period `2 * epochs` (Loshchilov and Hutter 2017, equation 5).
 *
 * @throws RangeError or TypeError for options outside their range.
 *
 * @example
 * ```ts
 * const schedule = cosineLr({ epochs: 40, minFactor: 0.1 });
 * [schedule(0), schedule(20), schedule(40)]; // [1, 0.55, 0.1]
 * ```
 */
export function cosineLr(options: CosineLrOptions): Schedule {
  requireKnownOptions('cosineLr', options, ['epochs', 'minFactor']);
  const { epochs, minFactor = 0 } = options;
  requireInteger('epochs', epochs, { min: 1 });
  requireNumber('minFactor', minFactor, { min: 0, max: 1 });
  return (epoch) => minFactor + ((1 - minFactor) * (1 + cos((Math.PI * epoch) / epochs))) / 2;
}
