import { show } from '../core/check.js';
import type { ClassMetric } from './averageMetric.js';
import { f1 } from './f1.js';
import { sweepCounts } from './sweepCounts.js';
import type { ThresholdSweep } from './thresholdSweep.js';

/** What {@link bestThreshold} returns. */
export interface BestThreshold {
  /** The threshold: `score >= threshold` is positive. */
  readonly threshold: number;
  /** What the metric is there. */
  readonly value: number;
}

/**
 * Returns the threshold of a sweep at which a metric is largest; the middle one of several in a row that are equal. Choose
 * it on validation images, not on those that a result is reported of. `NaN` twice where the metric never is a number.
 *
 * @param metric - F1 by default, or `iou`, or any other function from counts to values.
 *
 * @example
 * ```ts
 * const sweep = thresholdSweep(new Uint8Array([0, 1]), new Float32Array([0.2, 0.9]), { thresholds: [0.1, 0.4, 0.5, 0.6] });
 * bestThreshold(sweep); // { threshold: 0.5, value: 1 }
 * ```
 */
export function bestThreshold(sweep: ThresholdSweep, metric: ClassMetric = f1): BestThreshold {
  if (typeof metric !== 'function') throw new TypeError(`metric must be a function, got ${show(metric)}.`);
  const values = metric(sweepCounts(sweep));
  let [from, to] = [-1, -1];
  values.forEach((value, i) => {
    if (from < 0 ? !Number.isNaN(value) : value > values[from]!) [from, to] = [i, i];
    else if (from >= 0 && value === values[from] && to === i - 1) to = i;
  });
  if (from < 0) return { threshold: Number.NaN, value: Number.NaN };
  return { threshold: sweep.thresholds[(from + to) >> 1]!, value: values[from]! };
}
