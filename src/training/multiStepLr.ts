import { requireInteger, requireKnownOptions, requireNumber, show } from '../core/check.js';
import { pow } from '../core/math.js';
import type { Schedule } from './schedule.js';

/** Options of {@link multiStepLr}. */
export interface MultiStepLrOptions {
  /** Epochs at which the rate steps, rising. */
  readonly milestones: readonly number[];
  /** Factor of each step, above 0. @defaultValue 0.1 */
  readonly gamma?: number;
}

/**
 * Returns the schedule that multiplies the learning rate by `gamma` at each milestone, as PyTorch's `MultiStepLR`.
 *
 * @throws RangeError or TypeError for options outside their range.
 *
 * @example
 * ```ts
 * const schedule = multiStepLr({ milestones: [8, 20], gamma: 0.5 });
 * [schedule(7), schedule(8), schedule(20)]; // [1, 0.5, 0.25]
 * ```
 */
export function multiStepLr(options: MultiStepLrOptions): Schedule {
  requireKnownOptions('multiStepLr', options, ['milestones', 'gamma']);
  const { milestones, gamma = 0.1 } = options;
  if (!Array.isArray(milestones)) throw new TypeError(`milestones must be an array, got ${show(milestones)}.`);
  const steps: number[] = [...milestones];
  steps.forEach((milestone, i) => {
    requireInteger(`milestones[${i}]`, milestone, i === 0 ? { min: 1 } : { above: steps[i - 1]! });
  });
  requireNumber('gamma', gamma, { above: 0 });
  return (epoch) => pow(gamma, steps.filter((milestone) => milestone <= epoch).length);
}
