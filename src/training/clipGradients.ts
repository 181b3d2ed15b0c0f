import {
  add,
  addN,
  div,
  minimum,
  mul,
  type NamedTensorMap,
  type Scalar,
  sqrt,
  square,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * Returns copies of gradients, scaled together so that their joint Euclidean norm is at most `maxNorm`, as PyTorch's
 * `clip_grad_norm_` (factor `maxNorm / (norm + 1e-6)`, at most 1). Internal to the library.
 */
export function clipGradients(gradients: NamedTensorMap, maxNorm: number): NamedTensorMap {
  return tidy(() => {
    const squares = Object.values(gradients).map((gradient) => sum(square(gradient)) as Scalar);
    const factor = minimum(1, div(maxNorm, add(sqrt(addN(squares)), 1e-6)));
    return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, mul(gradient, factor)]));
  });
}
