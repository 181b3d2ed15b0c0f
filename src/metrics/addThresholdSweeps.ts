import type { ThresholdSweep } from './thresholdSweep.js';

const PARTS = ['truePositives', 'falsePositives', 'falseNegatives', 'trueNegatives'] as const;

/**
 * Returns the sum of sweeps over the same thresholds: that of all their pixels together.
 *
 * @throws RangeError where thresholds differ, or no sweep is given.
 *
 * @example
 * ```ts
 * const one = thresholdSweep(new Uint8Array([0, 1]), new Float32Array([0.2, 0.9]), { thresholds: [0.1, 0.5] });
 * addThresholdSweeps(one, one).truePositives; // [2, 2]
 * ```
 */
export function addThresholdSweeps(...sweeps: readonly ThresholdSweep[]): ThresholdSweep {
  const [first, ...others] = sweeps;
  if (first === undefined) throw new RangeError('addThresholdSweeps must be given at least one sweep, got none.');
  const { thresholds } = first;
  const part = (name: (typeof PARTS)[number]): Float64Array => first[name].slice();
  const [truePositives, falsePositives, falseNegatives, trueNegatives] = PARTS.map(part) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const result = { thresholds: thresholds.slice(), truePositives, falsePositives, falseNegatives, trueNegatives };
  for (const other of others) {
    if (other.thresholds.length !== thresholds.length || other.thresholds.some((one, i) => one !== thresholds[i])) {
      throw new RangeError('sweeps must have the same thresholds, got others.');
    }
    for (const name of PARTS)
      other[name].forEach((count, i) => {
        result[name][i]! += count;
      });
  }
  return result;
}
