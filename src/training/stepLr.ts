import { requireInteger, requireKnownOptions, requireNumber } from '../core/check.js';
import { pow } from '../core/math.js';
import type { Schedule } from './schedule.js';

/** Options of {@link stepLr}. */
export interface StepLrOptions {
  /** Epochs between two steps, 1 or more. */
  readonly stepSize: number;
  /** Factor of each step, above 0. @defaultValue 0.1 */
  readonly gamma?: number;
}

/**
 * Returns the schedule that multiplies the learning rate by `gamma` every `stepSize` epochs, as PyTorch's `StepLR`.
 *
 * @throws RangeError or TypeError for options outside their range.
 *
 * @example
 * ```ts
 * const schedule = stepLr({ stepSize: 5, gamma: 0.9 });
 * schedule(4); // 1
 * schedule(5); // 0.9
 * ```
 */
export function stepLr(options: StepLrOptions): Schedule {
  requireKnownOptions('stepLr', options, ['stepSize', 'gamma']);
  const { stepSize, gamma = 0.1 } = options;
  requireInteger('stepSize', stepSize, { min: 1 });
  requireNumber('gamma', gamma, { above: 0 });
  return (epoch) => pow(gamma, Math.floor(epoch / stepSize));
}
