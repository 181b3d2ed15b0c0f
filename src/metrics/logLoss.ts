import { requireKnownOptions } from '../core/check.js';
import { forEachProbability } from './binaryScores.js';
import type { ClassIds, Scores } from './classIds.js';
import { type ClassScoreOptions, forEachClassScore } from './classScores.js';

/** Options of {@link logLoss}. */
export interface LogLossOptions extends Omit<ClassScoreOptions, 'classes'> {
  /** Classes on the last axis of the probabilities; 1 where they are those of class 1 alone. @defaultValue 1 */
  readonly classes?: number;
}

/**
 * Returns the mean of -ln of the probability that was given to the truth, 0 or more, in nats. Equal to scikit-learn's
 * `log_loss`: probabilities of a pixel are brought to a sum of 1, and kept 1e-15 away from 0 and 1, its bound up to version 1.2.
 *
 * @throws RangeError where sizes do not fit, or an id or a probability is out of range, with its place.
 *
 * @example
 * ```ts
 * logLoss(new Uint8Array([0, 1]), new Float32Array([0.5, 1])); // 0.346574
 * ```
 */
export function logLoss(target: ClassIds, probabilities: Scores, options: LogLossOptions = {}): number {
  requireKnownOptions('logLoss', options, ['classes', 'ignoreIndex']);
  const { classes = 1, ignoreIndex } = options;
  const smallest = 1e-15;
  let [sum, count] = [0, 0];
  const take = (probability: number): void => {
    sum -= Math.log(Math.min(1 - smallest, Math.max(smallest, probability)));
    count++;
  };
  const ignored = ignoreIndex === undefined ? {} : { ignoreIndex };
  if (classes === 1) {
    forEachProbability(target, probabilities, ignored, (probability, positive) =>
      take(positive ? probability : 1 - probability),
    );
  } else {
    forEachClassScore(target, probabilities, { classes, ...ignored }, (scores, from, id) => {
      let total = 0;
      for (let k = 0; k < classes; k++) {
        if (scores[from + k]! < 0) refuse(scores[from + k]!, from / classes);
        total += scores[from + k]!;
      }
      if (!(total > 0 && total < Number.POSITIVE_INFINITY)) refuse(total, from / classes);
      take(scores[from + id]! / total);
    });
  }
  return sum / count;
}

function refuse(value: number, pixel: number): never {
  throw new RangeError(
    `scores must be probabilities of 0 or more with a sum above 0, got ${value} at pixel ${pixel}; apply the softmax first.`,
  );
}
