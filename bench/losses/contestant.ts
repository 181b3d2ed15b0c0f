/**
 * One engine of ours as a process of its own. Argument: the engine. It prints what it is, and then for every `loss side`
 * that it reads a turn: the time of the loss with its gradient, from a target that comes from the CPU to the loss as a
 * number and the gradient in the engine's memory, where training leaves it, too. `step` is a training step of the
 * quickstart's network with the cross entropy. `check loss side` gives the length of the gradient as well.
 */
import { createInterface } from 'node:readline';
import { dispose, type Tensor, tensor3d, tensor4d, valueAndGrad } from '@tensorflow/tfjs-core';
import { createMask } from 'segkit/core';
import { type EngineName, type UseEngineOptions, useEngine } from 'segkit/engine';
import { crossEntropyLoss, type Loss } from 'segkit/losses';
import { separableUnet } from 'segkit/models';
import { adamW } from 'segkit/training';
import { segmentationModel } from '../../src/training/segmentationModel.js';
import { trainableVariables, trainStep } from '../../src/training/trainStep.js';
import { example, losses, sides } from './cases.js';

const engine = process.argv[2]!;
const options = { training: true, ...(engine === 'onnx' && { threads: 2 }) } as UseEngineOptions;
console.log(JSON.stringify({ about: (await useEngine(engine as EngineName, options)).reason }));

interface Turn {
  readonly ms: number;
  readonly value: number;
  readonly slope?: number | undefined;
}

const made = new Map<string, Tensor>();
const logitsOf = (side: number, classes: 1 | 2): Tensor => {
  const key = `${side} ${classes}`;
  if (!made.has(key)) made.set(key, tensor4d(example(side, classes).logits, [4, side, side, classes]));
  return made.get(key)!;
};
const idsOf: Readonly<Record<number, Int32Array>> = {
  [sides.race]: example(sides.race, 1).ids,
  [sides.quickstart]: example(sides.quickstart, 1).ids,
};

async function once(loss: Loss, side: number, logits: Tensor, isCheck: boolean): Promise<Turn> {
  const from = performance.now();
  // A batch is new in every step of training.
  const target = tensor3d(idsOf[side]!, [4, side, side], 'int32');
  const { value, grad } = valueAndGrad((x: Tensor) => loss(target, x))(logits);
  const number = (await value.data())[0]!;
  const ms = performance.now() - from;
  const slope = isCheck ? lengthOf(await grad.data<'float32'>()) : undefined;
  dispose([target, value, grad]);
  return { ms, value: number, slope };
}

function lengthOf(numbers: Float32Array): number {
  return Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0));
}

function trainer(): () => Promise<Turn> {
  const side = sides.quickstart;
  const { ids, logits } = example(side, 1);
  const model = separableUnet({ inputShape: [side, side, 1], classes: 2, baseFilters: 8, levels: 3, seed: 0 });
  const target = segmentationModel(model);
  const variables = trainableVariables(target);
  const samples = {
    images: tensor4d(logits, [4, side, side, 1]),
    target: tensor3d(ids, [4, side, side], 'int32'),
    masks: createMask(Uint8Array.from(ids), [4 * side, side]),
  };
  const settings = { loss: crossEntropyLoss(), optimizer: adamW(1e-3), clipNorm: undefined, keepLogits: false };
  return async () => {
    const from = performance.now();
    const { loss } = await trainStep(target, variables, samples, settings);
    return { ms: performance.now() - from, value: loss };
  };
}

const step = trainer();
const ready = new Map<string, Loss>();
for await (const task of createInterface({ input: process.stdin })) {
  const words = task.split(' ');
  const isCheck = words[0] === 'check';
  const [name, side] = words.slice(isCheck ? 1 : 0) as [string, string];
  if (!ready.has(name) && name !== 'step') ready.set(name, losses[name]!());
  const classes = name.startsWith('binary') ? 1 : 2;
  const logits = (): Tensor => logitsOf(Number(side), classes);
  console.log(
    JSON.stringify(name === 'step' ? await step() : await once(ready.get(name)!, Number(side), logits(), isCheck)),
  );
}
