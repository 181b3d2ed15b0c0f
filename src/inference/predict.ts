import { reverse, sigmoid, softmax, type Tensor, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createProbabilityMap, dtypeOf, type Pixels, pixels } from '../core/arrays.js';
import { requireImage, requireSameSize, requireShape } from '../core/check.js';
import { Random } from '../core/random.js';
import { takeTurns } from '../core/turn.js';
import type { Image, ProbabilityMap } from '../core/types.js';
import { padImage } from './padImage.js';
import { type PredictOptions, type PredictPlan, planPrediction, type View } from './predictOptions.js';
import { tileAxis } from './tiles.js';

/**
 * Returns the probability of each class at each pixel of an image of any size: `[height, width, classes]`, adding up to
 * 1, or `[height, width]` of the foreground for a model of one output channel.
 *
 * The image is grown at the bottom and right to multiples of the model's divisor, mirrored about its edge pixels, and
 * the prediction cut back. With `tile`, or where the model has a fixed input size that the image exceeds, overlapping
 * tiles are predicted one by one and blended linearly. With `views`, flipped copies are predicted as well and averaged
 * (test-time augmentation). The event loop gets its turn between forward passes.
 *
 * @throws TypeError for integer samples that no `preprocess` has made float (a network trained on normalised images
 * would silently give nonsense); RangeError for other channels than the model's, samples that are not finite, options
 * out of range; the signal's reason when aborted. No tensor is left in any case.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 2 });
 * const image = createImage(new Uint8Array(70), [10, 7]);
 * const probability = await predict(model, image, { preprocess: (sample) => ({ image: toFloat32(sample.image) }) });
 * probability.shape; // [10, 7, 2]
 * model.dispose();
 * ```
 */
export async function predict(model: LayersModel, image: Image, options: PredictOptions = {}): Promise<ProbabilityMap> {
  const plan = planPrediction(model, options);
  const ready = prepare(image, plan.channels, options);
  const { height, width } = ready;
  const sides = [height, width].map((side, axis) => {
    const grown = Math.ceil(side / plan.step) * plan.step;
    const tile = plan.tile[axis];
    if (tile === undefined) return { grown, tile: grown };
    return grown >= tile ? { grown, tile } : plan.fixed[axis] ? { grown: tile, tile } : { grown, tile: grown };
  }) as [Side, Side];
  const padded = padImage(ready, sides[0].grown, sides[1].grown);
  const result = await predictTiles(model, padded, sides, plan, options);
  const shape = plan.classes === 1 ? [height, width] : [height, width, plan.classes];
  return createProbabilityMap(crop(result, sides[1].grown, height, width, plan.classes), shape);
}

interface Side {
  /** Length of the grown image. */
  readonly grown: number;
  /** Length of a tile. */
  readonly tile: number;
}

function prepare(image: Image, channels: number, { preprocess }: PredictOptions): Pixels<Float32Array> {
  requireImage('image', image);
  const ready = preprocess === undefined ? image : preprocess({ image }, new Random(0)).image;
  const name = preprocess === undefined ? 'image' : 'the image that preprocess returns';
  requireImage(name, ready);
  requireSameSize(name, ready, 'image', image);
  const { data, ...grid } = pixels(ready);
  if (!(data instanceof Float32Array)) {
    throw new TypeError(
      `${name} must hold float samples, got ${dtypeOf(ready)}; give the normalisation that the model was trained with ` +
        'as preprocess, for example predict(model, image, { preprocess: normalize() }).',
    );
  }
  if (grid.channels !== channels) {
    throw new RangeError(`${name} must have the model's number of channels, ${channels}, got ${grid.channels}.`);
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) throw new RangeError(`${name} must hold finite samples, got ${data[bad]} at index ${bad}.`);
  return { data, ...grid };
}

/** Predicts tile after tile, view after view, and adds up their shares. */
async function predictTiles(
  model: LayersModel,
  image: Float32Array,
  [{ grown: height, tile: tileHeight }, { grown: width, tile: tileWidth }]: readonly [Side, Side],
  { classes, channels, views, overlap, step }: PredictPlan,
  { signal, onProgress }: PredictOptions,
): Promise<Float32Array> {
  const rows = tileAxis(height, tileHeight, overlap, step);
  const columns = tileAxis(width, tileWidth, overlap, step);
  const result = new Float32Array(height * width * classes);
  const turn = takeTurns(signal);
  const total = rows.length * columns.length * views.length;
  let done = 0;
  for (const row of rows) {
    for (const column of columns) {
      const part = new Float32Array(tileHeight * tileWidth * channels);
      for (let i = 0; i < tileHeight; i++) {
        const from = ((row.start + i) * width + column.start) * channels;
        part.set(image.subarray(from, from + tileWidth * channels), i * tileWidth * channels);
      }
      for (const view of views) {
        await turn();
        const tensor = tidy(() => forward(model, tensor4d(part, [1, tileHeight, tileWidth, channels]), view, classes));
        let values: ArrayLike<number>;
        try {
          values = await tensor.data();
        } finally {
          tensor.dispose();
        }
        for (let i = 0, from = 0; i < tileHeight; i++) {
          let to = ((row.start + i) * width + column.start) * classes;
          for (let j = 0; j < tileWidth; j++) {
            const weight = (row.weights[i]! * column.weights[j]!) / views.length;
            for (let c = 0; c < classes; c++) result[to++]! += weight * values[from++]!;
          }
        }
        onProgress?.(++done, total);
      }
    }
  }
  return result;
}

/** Returns the probabilities of one view, turned back. */
function forward(model: LayersModel, image: Tensor4D, view: View, classes: number): Tensor {
  const axes = { identity: [], horizontal: [2], vertical: [1], both: [1, 2] }[view];
  const turn = (tensor: Tensor): Tensor => (axes.length === 0 ? tensor : reverse(tensor, axes));
  const logits = model.apply(turn(image), { training: false }) as Tensor;
  requireShape("the model's logits", logits.shape, [1, image.shape[1], image.shape[2], classes]);
  return turn(classes === 1 ? sigmoid(logits) : softmax(logits));
}

function crop(map: Float32Array, from: number, height: number, width: number, classes: number): Float32Array {
  if (map.length === height * width * classes) return map;
  const result = new Float32Array(height * width * classes);
  for (let row = 0; row < height; row++) {
    const start = row * from * classes;
    result.set(map.subarray(start, start + width * classes), row * width * classes);
  }
  return result;
}
