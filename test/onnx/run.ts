// Helpers of the tests of exported files: ONNX Runtime by its public interface, and models with weights of all kinds.
import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { Random } from 'segkit/core';

/** Numbers and their shape. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Normally distributed numbers. */
export function noise(shape: readonly number[], seed = 1): Values {
  const random = new Random(seed);
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, data: Float32Array.from({ length: size }, () => random.normal()) };
}

/** Runs a file of one input `image` on ONNX Runtime, `optimized` as it is by default; gives the first output. */
export async function runOnnx(file: Uint8Array, image: Values, optimized = true): Promise<Values> {
  const [first] = await runEach(file, [image], optimized);
  return first!;
}

/** The same for several images, one after another, of a file that is loaded once. */
export async function runEach(file: Uint8Array, images: readonly Values[], optimized = true): Promise<Values[]> {
  const results = await runSession(file, images, optimized);
  return results.map((outputs) => [...outputs.values()][0]!);
}

/** All outputs for one image, by name. */
export async function runOutputs(file: Uint8Array, image: Values, optimized = true): Promise<Map<string, Values>> {
  const [outputs] = await runSession(file, [image], optimized);
  return outputs!;
}

async function runSession(
  file: Uint8Array,
  images: readonly Values[],
  optimized: boolean,
): Promise<Map<string, Values>[]> {
  const session = await InferenceSession.create(file, {
    graphOptimizationLevel: optimized ? 'all' : 'disabled',
    intraOpNumThreads: 1,
    // What goes wrong is thrown, and need not be printed too.
    logSeverityLevel: 4,
  });
  try {
    const all: Map<string, Values>[] = [];
    for (const image of images) {
      const results = await session.run({ image: new OnnxTensor('float32', image.data, [...image.shape]) });
      const outputs = session.outputNames.map((name): [string, Values] => {
        const { dims, data } = results[name]!;
        return [name, { shape: dims, data: data as Float32Array }];
      });
      all.push(new Map(outputs));
    }
    return all;
  } finally {
    await session.release();
  }
}

/** What the model itself makes of an image: its first output. */
export function runModel(model: LayersModel, image: Values): Values {
  return runModelOutputs(model, image)[0]!;
}

/** The same for all outputs. */
export function runModelOutputs(model: LayersModel, { shape, data }: Values): Values[] {
  const outputs: Values[] = [];
  tidy(() => {
    const results = [model.apply(tensor(data, [...shape]), { training: false }) as Tensor | Tensor[]].flat();
    for (const result of results) outputs.push({ shape: result.shape, data: result.dataSync() as Float32Array });
  });
  return outputs;
}

/**
 * Gives weights that are all 0 or all 1 at first (biases, gammas, running statistics) other values, so that none of
 * them can be left out unseen. What is 1 at first stays above 0, as variances must.
 */
export function stir(model: LayersModel, seed = 1): void {
  const random = new Random(seed);
  const weights = model.getWeights();
  const stirred = weights.map((weight) => {
    const values = weight.dataSync() as Float32Array;
    const [first] = values;
    if ((first !== 0 && first !== 1) || values.some((value) => value !== first)) return weight.clone();
    const centre = first;
    return tensor(
      values.map(() => centre + random.uniform(-0.5, 0.5)),
      weight.shape,
    );
  });
  model.setWeights(stirred);
  for (const weight of stirred) weight.dispose();
}

/** Images `[batch, height, width, channels]` as `[batch, channels, height, width]`. */
export function toPlanes({ shape, data }: Values): Values {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const result = new Float32Array(data.length);
  let at = 0;
  for (let image = 0; image < batch; image++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < height * width; pixel++) {
        result[at++] = data[(image * height * width + pixel) * channels + channel]!;
      }
    }
  }
  return { shape: [batch, channels, height, width], data: result };
}

/** The largest difference of two tensors, over the largest value where that is above 1. */
export function difference(a: Values, b: Values): number {
  if (a.shape.join() !== b.shape.join()) throw new Error(`shapes differ: [${a.shape}] and [${b.shape}]`);
  let most = 0;
  let scale = 1;
  for (let i = 0; i < a.data.length; i++) {
    most = Math.max(most, Math.abs(a.data[i]! - b.data[i]!));
    scale = Math.max(scale, Math.abs(b.data[i]!));
  }
  return Number.isNaN(most) ? Number.POSITIVE_INFINITY : most / scale;
}
