import { requireInteger, requireKnownOptions, requireNumber } from '../core/check.js';
import { pow } from '../core/math.js';
import type { Schedule } from './schedule.js';

/** Options of {@link polynomialLr}. */
export interface PolynomialLrOptions {
  /** Epochs until the rate is 0. */
  readonly epochs: number;
  /** Exponent, above 0. @defaultValue 1 */
  readonly power?: number;
}

/**
 * Returns the schedule `(1 - epoch / epochs) ** power`, 0 from `epochs` on, as PyTorch's `PolynomialLR`.
 *
 * @throws RangeError or TypeError for options outside their range.
 *
 * @example
 * ```ts
 * const schedule = polynomialLr({ epochs: 10, power: 2 });
 * [schedule(0), schedule(5), schedule(10)]; // [1, 0.25, 0]
 * ```
 */
export function polynomialLr(options: PolynomialLrOptions): Schedule {
  requireKnownOptions('polynomialLr', options, ['epochs', 'power']);
  const { epochs, power = 1 } = options;
  requireInteger('epochs', epochs, { min: 1 });
  requireNumber('power', power, { above: 0 });
  return (epoch) => pow(Math.max(0, 1 - epoch / epochs), power);
}
