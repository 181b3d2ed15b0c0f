import { requireKnownOptions, requireNumber } from '../core/check.js';
import { pow } from '../core/math.js';
import type { Schedule } from './schedule.js';

/** Options of {@link exponentialLr}. */
export interface ExponentialLrOptions {
  /** Factor of each epoch, above 0. */
  readonly gamma: number;
}

/**
 * Returns the schedule that multiplies the learning rate by `gamma` every epoch, as PyTorch's `ExponentialLR`.
 *
 * @throws RangeError or TypeError for options outside their range.
 *
 * @example
 * ```ts
 * exponentialLr({ gamma: 0.5 })(2); // 0.25
 * ```
 */
export function exponentialLr(options: ExponentialLrOptions): Schedule {
  requireKnownOptions('exponentialLr', options, ['gamma']);
  const { gamma } = options;
  requireNumber('gamma', gamma, { above: 0 });
  return (epoch) => pow(gamma, epoch);
}
