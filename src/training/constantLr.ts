import { requireInteger, requireKnownOptions, requireNumber } from '../core/check.js';
import type { Schedule } from './schedule.js';

/** Options of {@link constantLr}. */
export interface ConstantLrOptions {
  /** Factor of the first epochs, 0 or more. @defaultValue 1 / 3 */
  readonly factor?: number;
  /** How many epochs it holds; the factor is 1 afterwards. @defaultValue 5 */
  readonly epochs?: number;
}

/**
 * Returns the schedule that scales the learning rate by `factor` during the first epochs, as PyTorch's `ConstantLR`.
 *
 * @throws RangeError or TypeError for options outside their range.
 *
 * @example
 * ```ts
 * const schedule = constantLr({ factor: 0.5, epochs: 6 });
 * [schedule(5), schedule(6)]; // [0.5, 1]
 * ```
 */
export function constantLr(options: ConstantLrOptions = {}): Schedule {
  requireKnownOptions('constantLr', options, ['factor', 'epochs']);
  const { factor = 1 / 3, epochs = 5 } = options;
  requireNumber('factor', factor, { min: 0 });
  requireInteger('epochs', epochs, { min: 1 });
  return (epoch) => (epoch < epochs ? factor : 1);
}
