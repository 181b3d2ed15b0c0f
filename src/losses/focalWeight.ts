import {
  div,
  greater,
  maximum,
  mul,
  onesLike,
  pow,
  square,
  type Tensor4D,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';

/** How the error of a pixel weighs its cross entropy. */
export interface Focus {
  readonly gamma: number;
  readonly reducedThreshold: number | undefined;
}

/** error^gamma and its derivative, or with `reducedThreshold` SMP's reduced form. */
export function focalWeight(error: Tensor4D, { gamma, reducedThreshold }: Focus): readonly [Tensor4D, Tensor4D] {
  const x = reducedThreshold === undefined ? error : div<Tensor4D>(error, reducedThreshold);
  let weight: Tensor4D;
  let slope: Tensor4D;
  if (gamma === 0) [weight, slope] = [onesLike(x), zerosLike(x)];
  else if (gamma === 1) [weight, slope] = [x, onesLike(x)];
  else if (gamma === 2) [weight, slope] = [square(x), mul(2, x)];
  else {
    // Below gamma 1 the slope has a pole at 0, which the vanishing cross entropy beats.
    weight = pow(x, gamma);
    slope = mul(gamma, pow(maximum(x, 1e-12), gamma - 1));
  }
  if (reducedThreshold === undefined) return [weight, slope];
  const far = greater(error, 1 - reducedThreshold);
  return [where(far, onesLike(x), weight), where(far, zerosLike(x), div(slope, reducedThreshold))];
}
