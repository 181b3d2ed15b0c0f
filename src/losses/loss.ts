import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/**
 * Compares a batch of targets with logits `[batch, height, width, classes]` and returns one float scalar, which the
 * caller disposes. Differentiable with respect to the logits. It fits `model.compile({ loss })` with targets of the
 * shape of the logits.
 *
 * @throws RangeError where the shapes do not fit, or a class index of `target` is out of range.
 */
export type Loss = (target: Tensor, logits: Tensor) => Scalar;

/**
 * What the classes of a pixel are, as segmentation_models_pytorch (SMP) names it:
 * - `'binary'`: one logit a pixel; targets `[batch, height, width]` or `[batch, height, width, 1]` of 0 and 1;
 * - `'multiclass'`: a pixel has exactly one of the classes; targets are class indices `[batch, height, width]`, or
 *   one-hot `[batch, height, width, classes]`;
 * - `'multilabel'`: every class on its own; targets `[batch, height, width, classes]` of 0 and 1.
 */
export type LossMode = 'binary' | 'multiclass' | 'multilabel';
