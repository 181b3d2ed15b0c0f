import { dispose, grad, memory, mul, type Tensor, tensor3d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { useEngine } from 'segkit/engine';
import { crossEntropyLoss, diceLoss, lovaszLoss, sumLosses } from 'segkit/losses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('on the engine onnx, which computes only when a value is read', () => {
  let before = 0;
  beforeAll(async () => {
    await useEngine('onnx', { training: true });
    before = memory().numTensors;
  });
  afterAll(() => expect(memory().numTensors, 'leaked tensors').toBe(before));

  const target = (): Tensor => tensor3d([0, 1, 1, 0], [1, 2, 2], 'int32');
  const logits = (bad: number): Tensor => tensor4d([0, 1, 2, 3, 4, bad, 1, 0], [1, 2, 2, 2]);
  const dice = diceLoss({ mode: 'multiclass' });

  it('logits that were given are refused at the door, also where a gradient is asked for', () => {
    const losses = [crossEntropyLoss(), dice, lovaszLoss({ mode: 'multiclass' }), sumLosses([[1, dice]])];
    for (const loss of losses) {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const message = `logits must be finite numbers, got ${bad} at [0, 1, 0, 1].`;
        expect(() => tidy(() => loss(target(), logits(bad)))).toThrow(message);
        expect(() => tidy(() => grad((x: Tensor) => loss(target(), x))(logits(bad)))).toThrow(message);
      }
    }
  });

  it('so are probabilities out of range', () => {
    const loss = diceLoss({ mode: 'multiclass', fromLogits: false });
    expect(() => tidy(() => loss(target(), logits(0.5)))).toThrow(
      'probabilities must lie in 0..1 (fromLogits is false)',
    );
  });

  it('logits that wait for a computation are not waited for: NaN is the loss', () => {
    const [truth, x] = [target(), logits(Number.NaN)];
    const value = tidy(() => dice(truth, mul(x, 2)));
    expect(value.dataSync()[0]).toBeNaN();
    dispose([truth, x, value]);
  });
});
