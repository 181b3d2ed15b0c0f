import { tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { log } from '../core/math.js';
import { Random } from '../core/random.js';
import { RandomDrop } from './layers/randomDrop.js';
import type { StateTensor, WeightInitializer } from './layers/stateTensor.js';
import { statefulLayers } from './stateTensors.js';

/** Values one output is made of, and outputs one input goes to: PyTorch's fan-in and fan-out. */
function fans({ variable, layout }: StateTensor): readonly [fanIn: number, fanOut: number] {
  const [height = 1, width = 1, third = 1, fourth = 1] = variable.shape as number[];
  const area = height * width;
  if (layout === 'linear') return [height, width];
  if (layout === 'depthwise') return [area, third * fourth * area];
  // PyTorch takes the second axis for the inputs, for transposed convolutions too.
  return [third * area, fourth * area];
}

function normals(random: Random, count: number, standardDeviation: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; ) {
    const u = (random.bits() + 0.5) / 2147483648 - 1;
    const v = (random.bits() + 0.5) / 2147483648 - 1;
    const square = u * u + v * v;
    if (square === 0 || square >= 1) continue;
    const factor = standardDeviation * Math.sqrt((-2 * log(square)) / square);
    values[i++] = u * factor;
    if (i < count) values[i++] = v * factor;
  }
  return values;
}

function uniforms(random: Random, count: number, bound: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = ((random.bits() + 0.5) / 2147483648 - 1) * bound;
  return values;
}

/**
 * First values of one weight, as PyTorch draws them: `'torch'` is the default of its convolutions (uniform within
 * 1 / sqrt(fan-in), the bias too), `'kaimingUniform'` He's with fan-in for ReLU (SMP's decoders),
 * `'kaimingNormalFanOut'` torchvision's for ResNet, `'xavierUniform'` Glorot's (SMP's heads).
 */
function firstValues(entry: StateTensor, initializer: WeightInitializer, fanIn: number, random: Random): Float32Array {
  const count = entry.variable.shape.reduce<number>((size, side) => size * (side ?? 1), 1);
  const [own, fanOut] = fans(entry);
  switch (initializer) {
    case 'torch':
      return uniforms(random, count, 1 / Math.sqrt(fanIn));
    case 'kaimingUniform':
      return uniforms(random, count, Math.sqrt(6 / own));
    case 'kaimingNormalFanOut':
      return normals(random, count, Math.sqrt(2 / fanOut));
    case 'xavierUniform':
      return uniforms(random, count, Math.sqrt(6 / (own + fanOut)));
    case 'zeros':
      return new Float32Array(count);
    case 'ones':
      return new Float32Array(count).fill(1);
  }
}

/** Gives every weight of a model its first values; each layer draws from its own stream of the seed. */
export function fillWeights(model: LayersModel, seed: number): void {
  const random = new Random(seed);
  model.layers.forEach((layer, index) => {
    if (layer instanceof RandomDrop) layer.reseed(random.split(1, index).bits());
  });
  statefulLayers(model).forEach((layer, index) => {
    const stream = random.split(index);
    const entries = layer.stateTensors();
    const [fanIn] = fans(entries[0]!);
    for (const entry of entries) {
      const { variable, initializer } = entry;
      if (initializer === 'zeros' && entry.leaf !== 'weight') continue;
      const values = tensor(firstValues(entry, initializer, fanIn, stream), variable.shape as number[], 'float32');
      variable.write(values);
      values.dispose();
    }
  });
}
