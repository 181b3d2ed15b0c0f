/**
 * One engine of ours as a process of its own, so that memory and start-up are its own too. Arguments: the engine, the
 * task as JSON. It prints a `Ready`, then a `Turn` for every line it reads, and ends with its input.
 */
import { createInterface } from 'node:readline';
import { tensor3d, tensor4d } from '@tensorflow/tfjs-core';
import { createImage, createMask, type Image, type ProbabilityMap } from 'segkit/core';
import { type EngineName, type UseEngineOptions, useEngine } from 'segkit/engine';
import { compileModel, predict as predictWith } from 'segkit/inference';
import { crossEntropyLoss } from 'segkit/losses';
import { countParameters } from 'segkit/models';
import { adamW } from 'segkit/training';
import { segmentationModel } from '../../src/training/segmentationModel.js';
import { trainableVariables, trainStep } from '../../src/training/trainStep.js';
import { build, pattern, type Task } from './networks.js';
import type { Ready, Turn } from './race.js';

type Work = () => Promise<Turn>;

/** Prepares an engine; `compiled` predicts outside TensorFlow.js, which then only holds the weights. */
async function start(engine: string, { kind, threads }: Task): Promise<string> {
  const options = { training: kind === 'train', ...(engine === 'onnx' && { threads }) };
  const chosen = await useEngine((engine === 'compiled' ? 'cpu' : engine) as EngineName, options as UseEngineOptions);
  return engine === 'compiled' ? `compileModel, ${threads} threads` : chosen.reason;
}

/** Steps of forward pass, cross entropy, backward pass and AdamW as `fit` takes them, always on the same batch. */
function trainer(task: Task): { work: Work; parameters: number } {
  const [batch, height, width, channels] = task.shape;
  const { images, ids } = pattern(task.shape);
  const model = build(task);
  const target = segmentationModel(model);
  const variables = trainableVariables(target);
  const samples = {
    images: tensor4d(images, [batch, height, width, channels]),
    target: tensor3d(Int32Array.from(ids), [batch, height, width]),
    masks: createMask(ids, [batch * height, width]),
  };
  const options = { loss: crossEntropyLoss(), optimizer: adamW(1e-3), clipNorm: undefined, keepLogits: false };
  const work = async (): Promise<Turn> => {
    const from = performance.now();
    const { loss } = await trainStep(target, variables, samples, options);
    return { ms: performance.now() - from, values: [loss] };
  };
  return { work, parameters: countParameters(model).trainable };
}

/** Predictions of one image, from its samples in memory to the probabilities in memory. */
function predictor(engine: string, task: Task): { work: Work; parameters: number } {
  const [, height, width, channels] = task.shape;
  const image = createImage(pattern(task.shape).images, [height, width, channels]);
  const model = build(task);
  let predict: ((image: Image) => Promise<ProbabilityMap>) | undefined;
  const work = async (): Promise<Turn> => {
    const from = performance.now();
    predict ??=
      engine === 'compiled'
        ? (await compileModel(model, { threads: task.threads })).predict
        : (image) => predictWith(model, image);
    const { data } = await predict(image);
    const ms = performance.now() - from;
    const diagonal = Array.from({ length: 8 }, (_, k) => ((k * height) >> 3) * width + ((k * width) >> 3));
    return { ms, values: diagonal.map((pixel) => data[2 * pixel + 1]!) };
  };
  return { work, parameters: countParameters(model).trainable };
}

const [engine, json] = process.argv.slice(2) as [string, string];
const task = JSON.parse(json) as Task;
const print = (line: Ready | Turn): void => console.log(JSON.stringify(line));
const from = performance.now();
const about = await start(engine, task);
const startMs = performance.now() - from;
const { work, parameters } = task.kind === 'train' ? trainer(task) : predictor(engine, task);
print({ startMs, parameters, about });
for await (const _ of createInterface({ input: process.stdin })) print(await work());
