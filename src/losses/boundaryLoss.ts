import { mul, type Tensor, type Tensor4D, tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { defineLoss, type Evaluation } from './defineLoss.js';
import type { LossOf, LossOptions } from './loss.js';
import { type LossInput, throughActivation } from './lossInput.js';
import { type LossSettings, lossSettings, weightsOfClasses } from './lossSettings.js';
import { peek } from './peek.js';
import { countPixels, reducePixels } from './pixelReduction.js';
import { signedDistances } from './signedDistances.js';

/**
 * Returns the boundary loss of Kervadec et al. 2019: the mean of probability times signed distance to the boundary of
 * the class in the target, in pixels; negative inside, so that a perfect match is well below 0. It says how far off a
 * prediction is where overlap only says that it is, and is meant as a term beside an overlap loss, with a weight that
 * grows. All classes count but the background (class 0) of mode `'multiclass'`, unless `classes` says which; a class that an
 * image lacks, or that fills it, costs 0 there. The distances are computed on the CPU, for every batch. With `reduction: 'none'` it is
 * `[batch, height, width, classes]`.
 *
 * @throws RangeError or TypeError for bad options.
 *
 * @example
 * ```ts
 * import { dispose, tensor3d, zeros } from '@tensorflow/tfjs-core';
 * const target = tensor3d([0, 0, 1, 1], [1, 1, 4], 'int32');
 * const logits = zeros([1, 1, 4, 2]);
 * const value = boundaryLoss({ mode: 'multiclass' })(target, logits);
 * value.dataSync(); // [0.25]
 * dispose([target, logits, value]);
 * ```
 */
export function boundaryLoss<O extends LossOptions>(options: O): LossOf<O> {
  const settings = lossSettings('boundaryLoss', options, []);

  return defineLoss<O>(settings, (input: LossInput): Evaluation => {
    const { truth, valid, factor } = input.prepared(settings);
    const [batch, height, width, classes] = truth.shape;
    const weights = chosenWeights(settings, classes);
    const distances = tensor4d(distanceMaps(input.target, truth.shape, settings, weights), truth.shape);
    const weighed = weights.some((weight) => weight !== 0 && weight !== 1);
    const total = weights.reduce((a, b) => a + b);
    let slope = weighed ? mul<Tensor4D>(distances, tensor1d(weights)) : distances;
    if (factor !== undefined) slope = mul(slope, factor);
    const probability = input.probability(settings);
    const reduced = reducePixels(mul(probability, slope), settings, () =>
      valid === undefined ? batch * height * width * total : countPixels(valid, weights),
    );
    return {
      value: reduced.value,
      saved: [probability, slope, ...reduced.saved],
      gradient: (upstream, saved) => {
        const by = mul<Tensor4D>(saved[1] as Tensor4D, reduced.spread(upstream, saved.slice(2)));
        return throughActivation(settings, saved[0] as Tensor4D, by);
      },
    };
  });
}

function chosenWeights(settings: LossSettings, classes: number): number[] {
  const weights = weightsOfClasses(settings, classes);
  if (settings.mode === 'multiclass' && settings.classes === undefined) weights[0] = 0;
  if (!weights.some((weight) => weight > 0)) {
    throw new RangeError('classWeights must hold one above 0 besides the background, or classes must say which count.');
  }
  return weights;
}

/** The signed distances of every class that counts, in the layout of the logits; 0 for the others. */
function distanceMaps(
  target: Tensor,
  [batch, height, width, classes]: readonly [number, number, number, number],
  { mode, ignoreIndex }: LossSettings,
  weights: readonly number[],
): Float32Array {
  const data = peek(target);
  const indexed = mode === 'multiclass' && target.shape.length === 3;
  const size = height * width;
  const maps = new Float32Array(batch * size * classes);
  const inside = new Uint8Array(size);
  for (let image = 0; image < batch; image++) {
    for (let k = 0; k < classes; k++) {
      if (weights[k] === 0) continue;
      let some = false;
      for (let i = 0, pixel = image * size; i < size; i++, pixel++) {
        const value = indexed ? (data[pixel] === k ? 1 : 0) : data[pixel * classes + k]!;
        inside[i] = value >= 0.5 && (indexed || value !== ignoreIndex) ? 1 : 0;
        if (inside[i] === 1) some = true;
      }
      if (!some) continue;
      const distances = signedDistances(inside, height, width);
      for (let i = 0, at = image * size * classes + k; i < size; i++, at += classes) maps[at] = distances[i]!;
    }
  }
  return maps;
}
