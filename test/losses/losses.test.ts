import { dispose, tensor3d, tensor4d, zeros } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {
  binaryCrossEntropyLoss,
  crossEntropyLoss,
  diceLoss,
  focalLoss,
  jaccardLoss,
  type Loss,
  sumLosses,
} from 'segkit/losses';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';
import { describeLoss } from './suite.js';

for (const mode of ['binary', 'multiclass', 'multilabel'] as const) {
  describeLoss({ name: 'diceLoss', mode, make: (options) => diceLoss({ mode, ...options }) });
  describeLoss({
    name: 'diceLoss with logLoss',
    mode,
    make: (options) => diceLoss({ mode, logLoss: true, ...options }),
  });
  describeLoss({ name: 'jaccardLoss', mode, make: (options) => jaccardLoss({ mode, smooth: 1, ...options }) });
  describeLoss({ name: 'focalLoss', mode, make: (options) => focalLoss({ mode, alpha: 0.25, ...options }) });
  describeLoss({ name: 'focalLoss, gamma 0.5', mode, make: (options) => focalLoss({ mode, gamma: 0.5, ...options }) });
  describeLoss({
    name: 'sumLosses',
    mode,
    make: (options) =>
      sumLosses([
        [1, diceLoss({ mode, ...options })],
        [2, focalLoss({ mode, ...options })],
      ]),
  });
}
describeLoss({
  name: 'crossEntropyLoss',
  mode: 'multiclass',
  make: (options) => crossEntropyLoss({ classWeights: [0.5, 1, 2], ...options }),
});
for (const mode of ['binary', 'multilabel'] as const) {
  describeLoss({
    name: 'binaryCrossEntropyLoss',
    mode,
    make: (options) => binaryCrossEntropyLoss({ mode, positiveWeight: 3, ...options }),
  });
}
describeLoss({
  name: 'binaryCrossEntropyLoss with beta',
  mode: 'binary',
  make: (options) => binaryCrossEntropyLoss({ beta: 0.7, ...options }),
});

function value(loss: Loss, target: number[], logits: number[], classes = 1): number {
  const truth = tensor3d(target, [1, 1, target.length], 'int32');
  const scores = tensor4d(logits, [1, 1, target.length, classes]);
  const result = loss(truth, scores);
  const number = result.dataSync()[0]!;
  dispose([truth, scores, result]);
  return number;
}

describe('worked by hand', () => {
  useCpuBackend();

  it('Dice: p = .5 .5, t = 1 0: 1 - 2 * .5 / (1 + 1) = .5', () => {
    expect(value(diceLoss({ mode: 'binary' }), [1, 0], [0, 0])).toBeCloseTo(0.5, 6);
  });
  it('Dice, smooth 1: main 1 - (.5 + 1) / (1 + 1) = .25, 0.3.3 1 - (2 * .5 + 1) / (2 + 1) = 1 / 3', () => {
    expect(value(diceLoss({ mode: 'binary', smooth: 1 }), [1, 0], [0, 0])).toBeCloseTo(0.25, 6);
    expect(value(diceLoss({ mode: 'binary', smooth: 1, smp: '0.3.3' }), [1, 0], [0, 0])).toBeCloseTo(1 / 3, 6);
  });
  it('Jaccard: .5 / (1 + 1 - .5) = 1 / 3', () => {
    expect(value(jaccardLoss({ mode: 'binary' }), [1, 0], [0, 0])).toBeCloseTo(2 / 3, 6);
  });
  it('an absent class costs 0: Jaccard of 0 0 with two classes is half of 1 - 1 / 2', () => {
    expect(value(jaccardLoss({ mode: 'multiclass' }), [0, 0], [0, 0, 0, 0], 2)).toBeCloseTo(0.25, 6);
    expect(value(jaccardLoss({ mode: 'multiclass', classes: [0] }), [0, 0], [0, 0, 0, 0], 2)).toBeCloseTo(0.5, 6);
  });
  it('focal: .5^2 ln 2 = .1733, with alpha .25 the mean of .25 and .75 times it', () => {
    expect(value(focalLoss({ mode: 'binary' }), [1, 0], [0, 0])).toBeCloseTo(0.25 * Math.LN2, 6);
    expect(value(focalLoss({ mode: 'binary', alpha: 0.25 }), [1, 0], [0, 0])).toBeCloseTo(0.125 * Math.LN2, 6);
  });
  it('weighted cross entropy: (1 * ln 2 + 3 * ln 4) / (1 + 3)', () => {
    const logits = [0, 0, Math.log(3), 0];
    expect(value(crossEntropyLoss({ classWeights: [1, 3] }), [0, 1], logits, 2)).toBeCloseTo(
      (Math.LN2 + 3 * Math.log(4)) / 4,
      5,
    );
  });
  it('weighted binary cross entropy of Liu et al.: (.8 ln 2 + .2 ln 2) / 2', () => {
    expect(value(binaryCrossEntropyLoss({ beta: 0.8 }), [1, 0], [0, 0])).toBeCloseTo(Math.LN2 / 2, 6);
  });
  it('2 * .5 + 4 * .1733', () => {
    const loss = sumLosses([
      [2, diceLoss({ mode: 'binary' })],
      [4, focalLoss({ mode: 'binary' })],
    ]);
    expect(value(loss, [1, 0], [0, 0])).toBeCloseTo(1 + Math.LN2, 5);
  });
});

describe('properties', () => {
  useCpuBackend();
  const pixels = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.double({ min: -20, max: 20, noNaN: true })), {
    minLength: 1,
    maxLength: 12,
  });

  it('Dice and Jaccard lie in 0..1, and D = 2 J / (1 + J) for the scores', () => {
    fc.assert(
      fc.property(pixels, (list) => {
        const [target, logits] = [list.map(([t]) => t), list.map(([, z]) => z)];
        const dice = value(diceLoss({ mode: 'binary' }), target, logits);
        const jaccard = value(jaccardLoss({ mode: 'binary' }), target, logits);
        expect(dice).toBeGreaterThanOrEqual(-1e-6);
        expect(jaccard).toBeLessThanOrEqual(1 + 1e-6);
        if (target.includes(1)) expect(1 - dice).toBeCloseTo((2 * (1 - jaccard)) / (2 - jaccard), 4);
      }),
      { numRuns: 50 },
    );
  });

  it('the order of pixels does not matter', () => {
    const losses = [
      focalLoss({ mode: 'binary' }),
      diceLoss({ mode: 'binary' }),
      binaryCrossEntropyLoss({ positiveWeight: 2 }),
    ];
    fc.assert(
      fc.property(pixels, (list) => {
        const back = [...list].reverse();
        for (const loss of losses) {
          const a = value(
            loss,
            list.map(([t]) => t),
            list.map(([, z]) => z),
          );
          const b = value(
            loss,
            back.map(([t]) => t),
            back.map(([, z]) => z),
          );
          expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(a)));
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('options', () => {
  useCpuBackend();

  it('that are unknown or bad are refused by name', () => {
    expect(() => diceLoss({ mode: 'binary', fromLogits: false } as never)).toThrow(
      'diceLoss has no option "fromLogits"',
    );
    expect(() => focalLoss({ mode: 'both' as never })).toThrow('mode must be one of');
    expect(() => focalLoss({ mode: 'binary', gamma: -1 })).toThrow('gamma must be a finite number at least 0, got -1.');
    expect(() => focalLoss({ mode: 'binary', alpha: 2 })).toThrow(
      'alpha must be a finite number at least 0 and at most 1',
    );
    expect(() => jaccardLoss({ mode: 'multiclass', classes: [] })).toThrow('classes must hold at least one class');
    expect(() => jaccardLoss({ mode: 'binary', classes: [0] })).toThrow("classes must not be given in mode 'binary'");
    expect(() => diceLoss({ mode: 'binary', eps: 0 })).toThrow('eps must be a finite number above 0, got 0.');
    expect(() => diceLoss({ mode: 'binary', ignoreIndex: 1 })).toThrow(
      'ignoreIndex must lie outside the values 0 and 1',
    );
    expect(() => crossEntropyLoss({ classWeights: [0, 0] })).toThrow(
      'classWeights must hold at least one number above 0',
    );
    expect(() => crossEntropyLoss({ classWeights: [1, -1] })).toThrow(
      'classWeights[1] must be a finite number at least 0',
    );
    expect(() => binaryCrossEntropyLoss({ beta: 0.5, positiveWeight: 2 })).toThrow('positiveWeight and beta must not');
    expect(() => sumLosses([])).toThrow('terms must hold at least one [weight, loss], got none.');
    expect(() => sumLosses([[1, 'dice' as never]])).toThrow('terms[0] must be [weight, loss]');
  });

  it('that do not fit the logits are refused when the loss is called', () => {
    const target = zeros([1, 2, 2], 'int32');
    const logits = zeros([1, 2, 2, 3]);
    expect(() => crossEntropyLoss({ classWeights: [1, 2] })(target, logits)).toThrow(
      'classWeights must have one number a class of the logits, 3, got 2.',
    );
    expect(() => diceLoss({ mode: 'multiclass', classes: [3] })(target, logits)).toThrow(
      'classes must be below the 3 of the logits, got 3.',
    );
    expect(() => focalLoss({ mode: 'multiclass', ignoreIndex: 2 })(target, logits)).toThrow(
      'ignoreIndex must lie outside the classes 0..2, got 2.',
    );
    dispose([target, logits]);
  });
});
