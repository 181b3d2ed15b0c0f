// Run by webgpu.test.ts as a process of its own, since the Vulkan driver is chosen by the environment of a process:
// node --import tsx train.ts ENGINE STEPS. Trains a small separable U-Net and prints the losses and the weights.
import { type EngineName, useEngine } from 'segkit/engine';
import { diceLoss, focalLoss, sumLosses } from 'segkit/losses';
import { separableUnet } from 'segkit/models';
import { adamW, fit } from 'segkit/training';
import { tinySamples } from '../../training/tinyProblem.js';

const [name, steps] = process.argv.slice(2) as [EngineName, string];
const engine = await useEngine(name, { training: true, ...(name === 'webgpu' && { allowSoftware: true }) });
const model = separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 4, levels: 2, seed: 7 });
const preflight = engine.preflight(model, { training: true });
const losses: number[] = [];
await fit(model, {
  data: tinySamples(2, { side: 16 }),
  loss: sumLosses([
    [1, diceLoss({ mode: 'multiclass' })],
    [1, focalLoss({ mode: 'multiclass', alpha: 0.25 })],
  ]),
  optimizer: adamW(1e-3),
  epochs: Number(steps),
  batchSize: 2,
  seed: 7,
  onBatch: ({ loss }) => {
    losses.push(loss);
  },
});
const weights: Record<string, number[]> = {};
for (const weight of model.weights) weights[weight.originalName] = Array.from(await weight.read().data());
console.log(JSON.stringify({ name: engine.name, reason: engine.reason, preflight, losses, weights }));
