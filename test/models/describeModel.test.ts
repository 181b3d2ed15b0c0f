import { dispose, grad, memory, slice, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Random } from 'segkit/core';
import { useEngine } from 'segkit/engine';
import { describeModel, horwathUnet, inputDivisor, plainUnet, separableUnet, shallowNet } from 'segkit/models';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** Weights above 0, so that no two ways from a pixel to a logit cancel. */
function straighten(model: LayersModel): void {
  for (const weight of model.weights) {
    const size = weight.shape.reduce<number>((product, side) => product * side!, 1);
    const value = /gamma|variance/.test(weight.originalName) ? 1 : /kernel/.test(weight.originalName) ? 0.1 : 0;
    const values = tensor(new Float32Array(size).fill(value), weight.shape as number[]);
    weight.write(values);
    values.dispose();
  }
}

/**
 * Side of the largest square of the image that a logit of the middle depends on, by its gradient: of sixteen images of
 * noise, since a pooling passes the gradient on to the largest of its pixels alone.
 */
function footprint(model: LayersModel, side: number): number {
  const divisor = inputDivisor(model);
  const middle = Math.floor(side / 2 / divisor) * divisor;
  const random = new Random(3);
  const count = 16 * side * side;
  const images = tensor(
    Float32Array.from({ length: count }, () => 0.1 + random.uniform()),
    [16, side, side, 1],
  );
  let most = 0;
  for (let at = middle; at < middle + divisor; at++) {
    const one = (x: Tensor): Tensor => sum(slice(model.apply(x) as Tensor, [0, at, at, 0], [16, 1, 1, 1]));
    const gradient = tidy(() => grad(one)(images));
    const values = gradient.dataSync();
    gradient.dispose();
    let [first, last] = [side, -1];
    values.forEach((value, i) => {
      if (value === 0) return;
      const row = Math.floor(i / side) % side;
      [first, last] = [Math.min(first, row), Math.max(last, row)];
    });
    most = Math.max(most, last - first + 1);
  }
  dispose(images);
  return most;
}

describe('the receptive field that describeModel tells is that of the gradient', () => {
  let before = 0;
  beforeAll(async () => {
    await useEngine('onnx', { training: true });
  });
  beforeEach(() => {
    before = memory().numTensors;
  });
  afterEach(() => {
    expect(memory().numTensors, 'leaked tensors').toBe(before);
  });
  const grey = { inputShape: [null, null, 1] } as const;
  const small = { ...grey, classes: 1, baseFilters: 1, levels: 2, batchNorm: 'none' } as const;

  it.each<[string, () => LayersModel, number, number]>([
    ['shallowNet', () => shallowNet({ ...grey, filters: 1 }), 32, 9],
    ['plainUnet', () => plainUnet(small), 96, 44],
    // Behind two halvings and two doublings, by hand: 3 at full size cover 2 pixels at half of it, 4 by the convolution
    // there, of which an odd start needs 3 below, 5 by the convolution; those lie 4 apart and see 10 each: 26.
    ['plainUnet of one convolution a level', () => plainUnet({ ...small, convolutionsPerLevel: 1 }), 64, 26],
    ['plainUnet, bilinear', () => plainUnet({ ...small, upsampling: 'bilinear' }), 96, 52],
    ['separableUnet', () => separableUnet(small), 96, 40],
    ['horwathUnet', () => horwathUnet({ ...grey, variant: 'small' }), 96, 38],
  ])('%s', (_, build, side, expected) => {
    const model = build();
    straighten(model);
    expect(describeModel(model, { height: side, width: side }).receptiveField).toBe(expected);
    expect(footprint(model, side)).toBe(expected);
    model.dispose();
  });
});
