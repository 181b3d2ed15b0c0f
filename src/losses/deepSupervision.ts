import { addN, mul, type Scalar, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { requireNumber, show } from '../core/check.js';
import type { Loss } from './loss.js';
import { peek } from './peek.js';

/** Weight of one level: a number, or what it is at a step (an epoch, say: whatever the caller counts). */
export type LevelWeight = number | ((step: number) => number);

/** Compares one target with the logits of several levels; see {@link deepSupervision}. */
export type DeepLoss = (target: Tensor, levels: readonly Tensor[], step?: number) => Scalar;

/**
 * Returns the sum of a loss over the outputs of several levels of a network (Lee et al. 2015), each with its weight; the
 * STAS recipe has 1, 1/4, 1/16. The target is brought to the size of each level by its nearest pixel (the middle one:
 * row floor((i + 1/2) * factor)), which invents no classes.
 *
 * @param weights - one a level, the first for the first output; 0 or more. Functions make a schedule:
 * `(epoch) => 0.25 * Math.cos(epoch)`; the STAS code multiplies such factors into the weights anew every epoch.
 * @throws RangeError or TypeError for bad weights; the loss it returns for levels whose sizes do not divide the target's.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const loss = deepSupervision(crossEntropyLoss(), [1, (epoch) => 1 / (1 + epoch)]);
 * const target = tensor3d([0, 1, 1, 0], [1, 2, 2], 'int32');
 * const levels = [zeros([1, 2, 2, 2]), zeros([1, 1, 1, 2])];
 * const value = loss(target, levels, 3);
 * value.dataSync(); // [0.866434]
 * dispose([target, ...levels, value]);
 * ```
 */
export function deepSupervision(loss: Loss, weights: readonly LevelWeight[]): DeepLoss {
  if (typeof loss !== 'function') throw new TypeError(`loss must be a function, got ${show(loss)}.`);
  if (!Array.isArray(weights) || weights.length === 0) {
    throw new TypeError(`weights must be an array of at least one weight, got ${show(weights)}.`);
  }
  weights.forEach((weight: LevelWeight, i) => {
    if (typeof weight !== 'function') requireNumber(`weights[${i}]`, weight, { min: 0 });
  });
  return (target, levels, step = 0) => {
    requireNumber('step', step, { min: 0 });
    if (!Array.isArray(levels) || levels.length !== weights.length) {
      throw new RangeError(`levels must be ${weights.length} tensors, one a weight, got ${show(levels)}.`);
    }
    const factors = weights.map((weight, i) => {
      const factor = typeof weight === 'function' ? weight(step) : weight;
      requireNumber(`weights[${i}] at step ${step}`, factor, { min: 0 });
      return factor;
    });
    return tidy(() => {
      const terms = levels.map((level: Tensor, i) =>
        mul<Scalar>(loss(resized(target, level.shape), level), factors[i]!),
      );
      return addN(terms);
    });
  };
}

/** The target at the height and width of logits. */
function resized(target: Tensor, shape: readonly number[]): Tensor {
  const [batch, height, width] = target.shape as [number, number, number];
  const [, toHeight, toWidth] = shape as [number, number, number];
  if (height === toHeight && width === toWidth) return target;
  if (height % toHeight !== 0 || width % toWidth !== 0) {
    throw new RangeError(
      `levels must divide the target's ${height} x ${width} pixels, got ${toHeight} x ${toWidth}; crop or pad first.`,
    );
  }
  const channels = target.size / (batch * height * width);
  const from = peek(target);
  const type = target.dtype === 'float32' ? Float32Array : Int32Array;
  const data = new type(batch * toHeight * toWidth * channels);
  const [down, across] = [height / toHeight, width / toWidth];
  let at = 0;
  for (let image = 0; image < batch; image++) {
    for (let y = 0; y < toHeight; y++) {
      const row = (image * height + Math.floor((y + 0.5) * down)) * width;
      for (let x = 0; x < toWidth; x++) {
        const pixel = (row + Math.floor((x + 0.5) * across)) * channels;
        for (let c = 0; c < channels; c++) data[at++] = from[pixel + c]!;
      }
    }
  }
  return tensor(data, [batch, toHeight, toWidth, ...target.shape.slice(3)], target.dtype);
}
