import type { ClassCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { perClass } from './counts.js';

/**
 * Returns the false discovery rate of each class, fp / (fp + tp), in 0..1: 1 - precision. `NaN` where the class was never
 * predicted.
 *
 * @example
 * ```ts
 * falseDiscoveryRate({ classes: 2, counts: new Float64Array([6, 2, 1, 3]) }); // [0.142857, 0.4]
 * ```
 */
export function falseDiscoveryRate(matrix: ConfusionMatrix | ClassCounts): Float64Array {
  return perClass(matrix, ({ truePositives, falsePositives }) => falsePositives / (falsePositives + truePositives));
}
