import { addN, customGrad, type GradSaveFunc, mul, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { Loss, LossOf, UnreducedLoss } from './loss.js';
import { LossInput } from './lossInput.js';
import type { LossSettings } from './lossSettings.js';
import { requireLogits } from './prepareTarget.js';
import { requireNumbers } from './targetValues.js';

/** A loss and how its derivative with respect to the scores follows from what was kept. */
export interface Evaluation {
  readonly value: Tensor;
  /** What the derivative needs. */
  readonly saved: readonly Tensor[];
  /** The derivative of the sum of `upstream * value`; `saved` are copies of what was saved, in that order. */
  gradient(upstream: Tensor, saved: readonly Tensor[]): Tensor4D;
}

/** Computes a loss and what its gradient needs. */
export type Evaluate = (input: LossInput) => Evaluation;

/** A loss of this library: it can take part in a sum without a tape. */
export interface DefinedLoss extends UnreducedLoss {
  readonly evaluate: Evaluate;
  readonly fromLogits: boolean;
}

/** Whether a loss is one of `defineLoss`. */
export function isDefined(loss: unknown): loss is DefinedLoss {
  return typeof loss === 'function' && 'evaluate' in loss;
}

/**
 * Makes a loss of its formula. A closed form takes a fraction of the passes over memory that recording every operation
 * does, and stays finite where factors overflow.
 */
export function defineLoss<O>(
  { mode, fromLogits }: Pick<LossSettings, 'mode' | 'fromLogits'>,
  evaluate: Evaluate,
): LossOf<O> {
  const checked: Evaluate = (input) => {
    requireLogits(input.scores, mode);
    return evaluate(input);
  };
  return differentiable(checked, fromLogits) as LossOf<O>;
}

/** Makes the weighted sum of losses that share one input. */
export function defineSum(terms: readonly (readonly [weight: number, loss: DefinedLoss])[]): Loss {
  const [first, ...others] = terms.map(([, { fromLogits }]) => fromLogits);
  if (others.some((fromLogits) => fromLogits !== first)) {
    throw new RangeError('terms must all take logits or all take probabilities (fromLogits), got both.');
  }
  const evaluate: Evaluate = (input) => {
    const parts = terms.map(([, loss]) => loss.evaluate(input));
    parts.forEach(({ value }, i) => {
      if (value.rank !== 0) throw new RangeError(`terms[${i}][1] must reduce to one number, got reduction 'none'.`);
    });
    return {
      value: addN(parts.map(({ value }, i) => mul(value, terms[i]![0]))),
      saved: parts.flatMap(({ saved }) => saved),
      gradient: (upstream, saved) => {
        let at = 0;
        const gradients = parts.map((part, i) => {
          const own = saved.slice(at, at + part.saved.length);
          at += own.length;
          return part.gradient(mul(upstream, terms[i]![0]), own);
        });
        return gradients.length === 1 ? gradients[0]! : addN(gradients);
      },
    };
  };
  return differentiable(evaluate, first!) as unknown as Loss;
}

function differentiable(evaluate: Evaluate, fromLogits: boolean): DefinedLoss {
  const loss = (target: Tensor, scores: Tensor, weights?: Tensor): Tensor =>
    tidy(() =>
      customGrad<Tensor>((...args) => {
        const { value, saved, gradient } = evaluate(new LossInput(target, args[0] as Tensor4D, weights));
        // Before anything is saved: an error would leave that on the tape.
        requireNumbers(value, scores, fromLogits ? 'logits' : 'probabilities');
        (args[1] as GradSaveFunc)([...saved]);
        return { value, gradFunc: (upstream: Tensor, kept: Tensor[]) => gradient(upstream, kept) };
      })(scores),
    );
  return Object.assign(loss, { evaluate, fromLogits });
}
