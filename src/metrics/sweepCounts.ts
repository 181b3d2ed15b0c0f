import type { ClassCounts } from './classCounts.js';
import type { ThresholdSweep } from './thresholdSweep.js';

/**
 * Returns the counts of a sweep as those of classes, a threshold each: every per-class metric of them is a curve over the
 * thresholds.
 *
 * @example
 * ```ts
 * const sweep = thresholdSweep(new Uint8Array([0, 1]), new Float32Array([0.2, 0.9]), { thresholds: [0.1, 0.5] });
 * precision(sweepCounts(sweep)); // [0.5, 1]
 * ```
 */
export function sweepCounts({ thresholds, ...counts }: ThresholdSweep): ClassCounts {
  return { classes: thresholds.length, ...counts };
}
