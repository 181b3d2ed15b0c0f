import { mul, reshape, sigmoid, softmax, square, sub, sum, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { LossMode } from './loss.js';
import type { LossSettings } from './lossSettings.js';
import { type PreparedTarget, prepareTarget } from './prepareTarget.js';
import { requirePixelWeights, requireProbabilities } from './targetValues.js';

/** A target with the weights of its pixels. */
export interface WeightedTarget extends PreparedTarget {
  /** `valid` times the weights of the pixels; absent where every pixel counts once. */
  readonly factor: Tensor4D | undefined;
  /** `truth` times `factor`. */
  readonly weightedTruth: Tensor4D;
}

/**
 * What a loss is computed from. The terms of a sum share one, so that the target is prepared, and the logits go through
 * their activation, once for all of them. It lives as long as the `tidy` in which it is used.
 */
export class LossInput {
  readonly #known = new Map<string, unknown>();

  constructor(
    readonly target: Tensor,
    /** Logits, or probabilities where the loss was told so. */
    readonly scores: Tensor4D,
    readonly weights: Tensor | undefined,
  ) {}

  #once<T>(key: string, make: () => T): T {
    if (!this.#known.has(key)) this.#known.set(key, make());
    return this.#known.get(key) as T;
  }

  /** The target in the layout of the logits, checked. */
  prepared({ mode, ignoreIndex }: Pick<LossSettings, 'mode' | 'ignoreIndex'>): WeightedTarget {
    return this.#once(`target ${mode} ${ignoreIndex}`, () => {
      const { truth, valid } = prepareTarget(this.target, this.scores, mode, ignoreIndex);
      if (this.weights === undefined) return { truth, valid, factor: valid, weightedTruth: truth };
      requirePixelWeights(this.weights, this.scores.shape);
      const [batch, height, width] = this.scores.shape;
      const weights: Tensor4D = reshape(this.weights, [batch, height, width, 1]);
      const factor = valid === undefined ? weights : mul<Tensor4D>(valid, weights);
      return { truth, valid, factor, weightedTruth: mul<Tensor4D>(truth, weights) };
    });
  }

  /** The probability of every class, by softmax or sigmoid; the scores where they are probabilities already. */
  probability({ mode, fromLogits }: Pick<LossSettings, 'mode' | 'fromLogits'>): Tensor4D {
    if (!fromLogits) {
      this.#once('checked', () => requireProbabilities(this.scores));
      return this.scores;
    }
    return mode === 'multiclass'
      ? this.#once('softmax', () => softmax(this.scores))
      : this.#once('sigmoid', () => sigmoid(this.scores));
  }
}

/** Sums row by row first, so that float32 sums of many small terms stay exact enough. */
export function sumPixels(x: Tensor4D, perImage = false): Tensor4D {
  return sum<Tensor4D>(sum(x, 2, true), perImage ? [1] : [0, 1], true);
}

/** What remains of the derivative by the probabilities on its way to the scores. */
export function throughActivation(
  { mode, fromLogits }: { readonly mode: LossMode; readonly fromLogits: boolean },
  probability: Tensor4D,
  gradient: Tensor4D,
): Tensor4D {
  if (!fromLogits) return gradient;
  if (mode === 'multiclass') {
    const weighted = mul<Tensor4D>(probability, gradient);
    return sub(weighted, mul(probability, sum(weighted, 3, true)));
  }
  return mul(gradient, sub(probability, square(probability)));
}
