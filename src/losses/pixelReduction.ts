import { div, maximum, mul, reshape, sum, type Tensor, type Tensor4D, tensor1d } from '@tensorflow/tfjs-core';
import { sumPixels } from './lossInput.js';
import type { LossSettings } from './lossSettings.js';

/** How a map of costs, `[batch, height, width, 1 or classes]`, becomes what the loss returns, and the way back. */
export interface PixelReduction {
  readonly value: Tensor;
  /** What `spread` needs, to be saved. */
  readonly saved: readonly Tensor[];
  /** The upstream gradient as it meets the map: a scalar, or the map's own shape. */
  spread(upstream: Tensor, saved: readonly Tensor[]): Tensor;
}

/** The shape of an unreduced map of costs. */
function unreducedShape({ shape }: Tensor4D, mode: LossSettings['mode']): number[] {
  return mode === 'multiclass' && shape[3] === 1 ? shape.slice(0, 3) : [...shape];
}

/** The sum of a map, rows first: float32 sums of many small terms stay exact enough. */
export function sumMap(x: Tensor4D): Tensor {
  return sum(sum(x, [2, 3]));
}

/** How many pixels count, in all classes together, each class times its weight. */
export function countPixels(valid: Tensor4D, weights: readonly number[]): Tensor {
  if (valid.shape[3] === 1)
    return mul(
      sumMap(valid),
      weights.reduce((a, b) => a + b),
    );
  return sumMap(mul(sumPixels(valid), tensor1d([...weights])));
}

/**
 * Reduces a map of costs. `divisor` is that of the mean, and `share` what a class counts in it; both stay out where the
 * reduction is `'none'`.
 */
export function reducePixels(
  cost: Tensor4D,
  { mode, reduction }: Pick<LossSettings, 'mode' | 'reduction'>,
  divisor: () => Tensor | number,
): PixelReduction {
  if (reduction === 'none') {
    const shape = unreducedShape(cost, mode);
    const full = [...cost.shape];
    return { value: reshape(cost, shape), saved: [], spread: (upstream) => reshape(upstream, full) };
  }
  if (reduction === 'sum') return { value: sumMap(cost), saved: [], spread: (upstream) => upstream };
  const by = divisor();
  if (typeof by === 'number') {
    return { value: mul(sumMap(cost), 1 / by), saved: [], spread: (upstream) => mul(upstream, 1 / by) };
  }
  const bounded = maximum(by, 1e-12);
  return {
    value: div(sumMap(cost), bounded),
    saved: [bounded],
    spread: (upstream, [saved]) => div(upstream, saved!),
  };
}
