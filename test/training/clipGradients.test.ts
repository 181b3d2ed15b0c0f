import { dispose, tensor1d } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { clipGradients } from '../../src/training/clipGradients.js';
import cases from '../fixtures/training/clipNorm.json' with { type: 'json' };
import { useCpuBackend } from '../helpers/tensorflow.js';

useCpuBackend();

function clip(gradients: Record<string, number[]>, maxNorm: number): Record<string, number[]> {
  const tensors = Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, tensor1d(values)]));
  const clipped = clipGradients(tensors, maxNorm);
  const result = Object.fromEntries(Object.entries(clipped).map(([name, tensor]) => [name, [...tensor.dataSync()]]));
  dispose(tensors);
  dispose(clipped);
  return result;
}

for (const { name, params, gradient, clipped, tolerance } of cases) {
  it(`follows PyTorch: ${name}`, () => {
    const result = clip({ weight: gradient }, params.max);
    clipped.forEach((value, i) => {
      expect(Math.abs(result.weight![i]! - value)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(value)));
    });
  });
}

it('scales all together: norm of (3, 4, 12) is 13, clipped to 6.5 gives halves', () => {
  const { a, b } = clip({ a: [3, 4], b: [12] }, 6.5);
  [...a!, ...b!].forEach((value, i) => {
    expect(value).toBeCloseTo([1.5, 2, 6][i]!, 5);
  });
});

it('leaves short gradients alone', () => {
  expect(clip({ a: [0.25, 0], b: [0] }, 1)).toEqual({ a: [0.25, 0], b: [0] });
});
