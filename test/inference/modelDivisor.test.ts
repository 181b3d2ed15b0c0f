import { input, type LayersModel, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers';
import { inputDivisor, plainUnet, separableUnet } from 'segkit/models';
import { expect, it } from 'vitest';
import { modelDivisor } from '../../src/inference/modelDivisor.js';
import { useCpuBackend } from '../helpers/tensorflow.js';

useCpuBackend();

const conv = (x: SymbolicTensor) =>
  layers.conv2d({ filters: 1, kernelSize: 3, padding: 'same' }).apply(x) as SymbolicTensor;

/** A network that shrinks by `factors` and grows back, without skip connections. */
function hourglass(factors: readonly number[], { skips = false } = {}): LayersModel {
  const image = input({ shape: [null, null, 1] });
  const kept: SymbolicTensor[] = [];
  let x: SymbolicTensor = image;
  for (const factor of factors) {
    kept.push(x);
    x = layers.maxPooling2d({ poolSize: factor, strides: factor }).apply(conv(x)) as SymbolicTensor;
  }
  for (const factor of [...factors].reverse()) {
    x = layers.upSampling2d({ size: [factor, factor] }).apply(x) as SymbolicTensor;
    const skip = kept.pop()!;
    if (skips) x = layers.concatenate().apply([x, skip]) as SymbolicTensor;
  }
  return model({ inputs: image, outputs: conv(x) });
}

function divisorOf(network: LayersModel): number {
  const divisor = modelDivisor(network);
  network.dispose();
  return divisor;
}

it('is the product of what the levels shrink by', () => {
  expect(divisorOf(hourglass([]))).toBe(1);
  expect(divisorOf(hourglass([2]))).toBe(2);
  expect(divisorOf(hourglass([2, 2, 2], { skips: true }))).toBe(8);
  expect(divisorOf(hourglass([3, 2]))).toBe(6);
  expect(divisorOf(hourglass([2, 2, 2, 2, 2], { skips: true }))).toBe(32);
});

it('looks into nested models, and past global pooling that scales channels', () => {
  const image = input({ shape: [null, null, 1] });
  const inner = hourglass([2, 2]);
  const features = conv(inner.apply(image) as SymbolicTensor);
  const mean = layers.globalAveragePooling2d({}).apply(features) as SymbolicTensor;
  const gate = layers.reshape({ targetShape: [1, 1, 1] }).apply(mean) as SymbolicTensor;
  const gated = layers.multiply().apply([features, gate]) as SymbolicTensor;
  const network = model({ inputs: image, outputs: gated });
  expect(modelDivisor(network)).toBe(4);
  network.dispose();
});

it('is what the models of segkit say', () => {
  for (const build of [plainUnet, separableUnet]) {
    for (const levels of [1, 3]) {
      const network = build({ inputShape: [null, null, 2], classes: 2, baseFilters: 2, levels });
      expect(modelDivisor(network)).toBe(inputDivisor(network));
      expect(modelDivisor(network)).toBe(2 ** levels);
      network.dispose();
    }
  }
});

it('refuses a network that changes the size', () => {
  const shrinking = sequential({ layers: [layers.conv2d({ inputShape: [null, null, 1], filters: 2, kernelSize: 3 })] });
  expect(() => modelDivisor(shrinking)).toThrow(
    'model must return logits of the size of its image for multiples of some number up to 256; give divisor where it does.',
  );
  shrinking.dispose();
});
