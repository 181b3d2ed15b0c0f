import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/**
 * Compares a batch of targets with logits `[batch, height, width, classes]` and returns one float scalar, which the
 * caller disposes. Differentiable with respect to the logits. It fits `model.compile({ loss })` with targets of the
 * shape of the logits.
 *
 * `weights`, `[batch, height, width]` of 0 or more, weigh every pixel: in sums over pixels its cost, in ratios of counts
 * how much it counts. Divisors of a mean stay as they are. See {@link borderWeights} for U-Net's.
 *
 * @throws RangeError where the shapes do not fit, a class index of `target` or a weight is out of range, or a logit is no
 * number. That is seen at once on the backends that hold their numbers in the memory of the process (cpu, wasm,
 * tensorflow), and on `onnx` where logits were given or have been computed; elsewhere, where a look would wait for the
 * device or for the network, NaN goes into the loss, and `fit` stops at it.
 */
export type Loss = (target: Tensor, logits: Tensor, weights?: Tensor) => Scalar;

/** A {@link Loss} before its reduction: a tensor, whose shape the loss states. */
export type UnreducedLoss = (target: Tensor, logits: Tensor, weights?: Tensor) => Tensor;

/** The type of loss that options ask for. */
export type LossOf<O> = O extends Unreduced ? UnreducedLoss : Loss;

/** Options that leave the values as they are. */
export interface Unreduced {
  /** No sum and no mean. */
  readonly reduction: 'none';
}

/**
 * What the classes of a pixel are, as segmentation_models_pytorch (SMP) names it:
 * - `'binary'`: one logit a pixel; targets `[batch, height, width]` or `[batch, height, width, 1]` of 0 and 1;
 * - `'multiclass'`: a pixel has exactly one of the classes; targets are class indices `[batch, height, width]`, or
 *   one-hot `[batch, height, width, classes]`;
 * - `'multilabel'`: every class on its own; targets `[batch, height, width, classes]` of 0 and 1.
 */
export type LossMode = 'binary' | 'multiclass' | 'multilabel';

/** Options that every loss takes, with one meaning. */
export interface LossOptions {
  /** What the classes of a pixel are. */
  readonly mode: LossMode;
  /** False where the second argument holds probabilities in 0..1, on which no activation is applied. @defaultValue true */
  readonly fromLogits?: boolean;
  /**
   * Target value of pixels that count nowhere, outside the classes. In one-hot targets a pixel of zeros is ignored
   * where this is given.
   */
  readonly ignoreIndex?: number;
  /** Indices of the classes that count; all by default. Not allowed in mode `'binary'`. */
  readonly classes?: readonly number[];
  /** Weight of every class, 0 or more; one number a class of the logits. Not allowed in mode `'binary'`. */
  readonly classWeights?: readonly number[];
  /** Mean or sum, or no reduction: the loss says of what. @defaultValue 'mean' */
  readonly reduction?: 'mean' | 'sum' | 'none';
}
