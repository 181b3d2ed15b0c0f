import type { Transform } from '../augment/index.js';
import { createProbabilityMap, dtypeOf, type Pixels, pixels } from '../core/arrays.js';
import { requireImage, requireSameSize } from '../core/check.js';
import { Random } from '../core/random.js';
import { takeTurns } from '../core/turn.js';
import type { Image, ProbabilityMap } from '../core/types.js';
import { flipped } from './flipped.js';
import type { Network } from './network.js';
import { padImage } from './padImage.js';
import { type PredictOptions, type PredictPlan, planPrediction } from './predictOptions.js';
import { tileAxis } from './tiles.js';

/**
 * What `predict` does, with a network of any kind; `stored` makes images ready where the options name nothing. Internal
 * to the library.
 */
export async function predictTiles(
  network: Network,
  image: Image,
  options: PredictOptions = {},
  stored?: Transform,
): Promise<ProbabilityMap> {
  const plan = planPrediction(network, options);
  const ready = prepare(image, network.channels, options.preprocess ?? stored);
  const { height, width } = ready;
  const sides = [height, width].map((side, axis) => {
    const grown = Math.ceil(side / plan.step) * plan.step;
    const tile = plan.tile[axis];
    if (tile === undefined) return { grown, tile: grown };
    return grown >= tile ? { grown, tile } : plan.fixed[axis] ? { grown: tile, tile } : { grown, tile: grown };
  }) as [Side, Side];
  const padded = padImage(ready, sides[0].grown, sides[1].grown);
  const result = await sumTiles(network, padded, sides, plan, options);
  const { classes } = network;
  const shape = classes === 1 ? [height, width] : [height, width, classes];
  return createProbabilityMap(crop(result, sides[1].grown, height, width, classes), shape);
}

interface Side {
  /** Length of the grown image. */
  readonly grown: number;
  /** Length of a tile. */
  readonly tile: number;
}

function prepare(image: Image, channels: number, preprocess: Transform | undefined): Pixels<Float32Array> {
  requireImage('image', image);
  const ready = preprocess === undefined ? image : preprocess({ image }, new Random(0)).image;
  const name = preprocess === undefined ? 'image' : 'the image that preprocess returns';
  requireImage(name, ready);
  requireSameSize(name, ready, 'image', image);
  const { data, ...grid } = pixels(ready);
  if (!(data instanceof Float32Array)) {
    throw new TypeError(
      `${name} must hold float samples, got ${dtypeOf(ready)}; give the normalisation that the model was trained with ` +
        'as preprocess, for example predict(model, image, { preprocess: normalize() }), or note it in the model with ' +
        'annotateModel.',
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
async function sumTiles(
  network: Network,
  image: Float32Array,
  [{ grown: height, tile: tileHeight }, { grown: width, tile: tileWidth }]: readonly [Side, Side],
  { views, overlap, step }: PredictPlan,
  { signal, onProgress }: PredictOptions,
): Promise<Float32Array> {
  const { channels, classes } = network;
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
        const seen = flipped(part, tileHeight, tileWidth, channels, view);
        const answer = await network.forward(seen, tileHeight, tileWidth);
        const values = flipped(answer, tileHeight, tileWidth, classes, view);
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

function crop(map: Float32Array, from: number, height: number, width: number, classes: number): Float32Array {
  if (map.length === height * width * classes) return map;
  const result = new Float32Array(height * width * classes);
  for (let row = 0; row < height; row++) {
    const start = row * from * classes;
    result.set(map.subarray(start, start + width * classes), row * width * classes);
  }
  return result;
}
