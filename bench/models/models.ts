/**
 * What the networks cost: parameters, multiply-adds at 512 x 512, and the time of one prediction on each engine, from
 * samples in memory to probabilities in memory: `npm run bench:models -- [--engines onnx,wasm] [--rounds 3]
 * [--only unet]`. The median of the rounds behind one to warm up; engines take turns, network by network. It prints the
 * table of the README.
 */
import { parseArgs } from 'node:util';
import { getBackend } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createImage, type Image } from 'segkit/core';
import { type EngineName, useEngine } from 'segkit/engine';
import { predict } from 'segkit/inference';
import {
  atomaiUnet,
  describeModel,
  efficientnetB0,
  efficientnetB1,
  efficientnetB2,
  efficientnetB3,
  horwathUnet,
  mainOutput,
  mobilenetV2,
  plainUnet,
  resnet18,
  resnet34,
  resnet50,
  separableUnet,
  shallowNet,
  stasUnet,
  unet,
  unetPlusPlus,
} from 'segkit/models';

const grey = { inputShape: [512, 512, 1] } as const;
const colour = { inputShape: [512, 512, 3], classes: 2 } as const;
const networks: readonly (readonly [string, () => LayersModel])[] = [
  ['`shallowNet`, one filter 9 x 9', () => shallowNet({ ...grey, filters: 1 })],
  ['`shallowNet`, 32 filters 9 x 9', () => shallowNet(grey)],
  ["`horwathUnet`, `'small'`", () => horwathUnet({ ...grey, variant: 'small' })],
  ["`horwathUnet`, `'normalized'`", () => horwathUnet(grey)],
  ['`atomaiUnet`', () => atomaiUnet(grey)],
  ['`separableUnet`, 8 filters', () => separableUnet({ ...grey, classes: 2, baseFilters: 8 })],
  ['`separableUnet`, 64 filters', () => separableUnet({ ...grey, classes: 2 })],
  ['`plainUnet`, 8 filters', () => plainUnet({ ...grey, classes: 2, baseFilters: 8 })],
  ['`plainUnet`, 64 filters', () => plainUnet({ ...grey, classes: 2 })],
  ...[mobilenetV2, efficientnetB0, efficientnetB1, efficientnetB2, efficientnetB3, resnet18, resnet34, resnet50].map(
    (encoder) => [`\`unet\`, \`${encoder.name}\``, () => unet({ ...colour, encoder: encoder() })] as const,
  ),
  ['`unetPlusPlus`, `resnet34`', () => unetPlusPlus({ ...colour, encoder: resnet34() })],
  ['`stasUnet`, `efficientnetB3`', () => stasUnet({ ...colour, encoder: efficientnetB3() })],
];

const { values } = parseArgs({
  options: {
    engines: { type: 'string', default: 'onnx,wasm' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const engines = values.engines === '' ? [] : values.engines.split(',');
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new RangeError(`--rounds must be an integer of 1 or more, got ${values.rounds}.`);
}

function testImage(channels: number): Image {
  const data = Float32Array.from({ length: 512 * 512 * channels }, (_, i) => Math.sin(i * 0.01));
  return createImage(data, channels === 1 ? [512, 512] : [512, 512, channels]);
}

/** Milliseconds of one prediction; weights live on the engine that is active when they are made. */
async function time(build: () => LayersModel, engine: string): Promise<number> {
  await useEngine(engine as EngineName);
  if (getBackend() !== engine) throw new Error(`${engine} is not to be had here`);
  const whole = build();
  const model = whole.outputs.length === 1 ? whole : mainOutput(whole);
  const image = testImage(model.inputs[0]!.shape[3]!);
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const from = performance.now();
    await predict(model, image);
    if (round > 0) times.push(performance.now() - from);
  }
  whole.dispose();
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

const rows = [
  ['network', 'parameters', 'multiply-adds', ...engines.map((engine) => `${engine} (ms)`)],
  ['---', '---:', '---:', ...engines.map(() => '---:')],
];
const print = (row: readonly string[]): void => console.log(`| ${row.join(' | ')} |`);
rows.forEach(print);
for (const [name, build] of networks.filter(([title]) => title.includes(values.only))) {
  await useEngine('cpu');
  const model = build();
  const { parameters, multiplyAdds } = describeModel(model);
  model.dispose();
  const times: string[] = [];
  for (const engine of engines) times.push((await time(build, engine)).toFixed(0));
  print([name, parameters.toLocaleString('en'), `${(multiplyAdds / 1e9).toFixed(2)} G`, ...times]);
}
