import { customGrad, type GradSaveFunc, mul, type Scalar, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';

/** A loss and its derivative with respect to the logits. */
export interface ValueAndGradient {
  readonly value: Scalar;
  readonly gradient: Tensor4D;
}

/**
 * Returns `compute(logits).value` as a scalar whose gradient is `compute(logits).gradient`. A closed form takes a
 * fraction of the passes over memory that recording every operation does, and stays finite where factors overflow.
 */
export function withGradient(logits: Tensor4D, compute: (logits: Tensor4D) => ValueAndGradient): Scalar {
  return customGrad<Scalar>((...args) => {
    const { value, gradient } = compute(args[0] as Tensor4D);
    (args[1] as GradSaveFunc)([gradient]);
    return { value, gradFunc: (upstream: Scalar, saved: Tensor[]) => mul(upstream, saved[0]!) };
  })(logits);
}
