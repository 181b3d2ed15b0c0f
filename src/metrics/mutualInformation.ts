import type { ConfusionMatrix } from './confusionMatrix.js';
import { requireConfusionMatrix } from './requireConfusionMatrix.js';

/** Entropies of a table of counts, in nats. */
interface Entropies {
  readonly actual: number;
  readonly predicted: number;
  readonly joint: number;
}

/** The entropy of counts that sum to `all`, in nats. */
export function entropy(counts: ArrayLike<number>, all: number): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const share = counts[i]! / all;
    if (share > 0) sum -= share * Math.log(share);
  }
  return sum;
}

/** The entropies of both masks and of their pairs, in nats. */
export function entropies({ classes, counts }: ConfusionMatrix): Entropies {
  const actual = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let all = 0;
  for (let i = 0; i < counts.length; i++) {
    actual[Math.floor(i / classes)]! += counts[i]!;
    predicted[i % classes]! += counts[i]!;
    all += counts[i]!;
  }
  return { actual: entropy(actual, all), predicted: entropy(predicted, all), joint: entropy(counts, all) };
}

/**
 * Returns the mutual information of both masks in nats, 0 or more: how much one tells of the other, whatever its classes
 * are called. 0 where there is no pixel.
 *
 * @example
 * ```ts
 * mutualInformation({ classes: 2, counts: new Float64Array([5, 0, 0, 5]) }); // 0.693147
 * ```
 */
export function mutualInformation(matrix: ConfusionMatrix): number {
  requireConfusionMatrix(matrix);
  const { actual, predicted, joint } = entropies(matrix);
  return Math.max(0, actual + predicted - joint);
}
