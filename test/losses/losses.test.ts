import { dispose, fill, tensor3d, tensor4d, zeros } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import * as exported from 'segkit/losses';
import {
  binaryCrossEntropyLoss,
  boundaryLoss,
  crossEntropyLoss,
  diceLoss,
  focalLoss,
  focalTverskyLoss,
  generalizedDiceLoss,
  generalizedWassersteinDiceLoss,
  jaccardLoss,
  klDivergenceLoss,
  type Loss,
  lovaszLoss,
  mccLoss,
  meanAbsoluteErrorLoss,
  meanSquaredErrorLoss,
  pixelWeightedLoss,
  smoothL1Loss,
  sumLosses,
  tverskyLoss,
} from 'segkit/losses';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';
import { describeLoss, type SuiteEntry } from './suite.js';

const covered = new Set<string>();
const describeOne = (entry: SuiteEntry): void => {
  covered.add(entry.name.split(/[ ,]/)[0]!);
  describeLoss(entry);
};

for (const mode of ['binary', 'multiclass', 'multilabel'] as const) {
  const entry = (name: string, make: SuiteEntry['make'], more: Partial<SuiteEntry> = {}): void =>
    describeOne({ name, mode, make, ...more });
  entry('diceLoss', (options) => diceLoss({ mode, ...options }));
  entry('diceLoss with logLoss', (options) => diceLoss({ mode, logLoss: true, ...options }));
  entry('diceLoss as MONAI has it', (options) =>
    diceLoss({ mode, perImage: true, absent: 'count', smooth: 1e-5, smp: '0.3.3', ...options }),
  );
  entry('diceLoss of squares', (options) => diceLoss({ mode, squared: true, absent: 'skip', ...options }));
  entry('jaccardLoss', (options) => jaccardLoss({ mode, smooth: 1, ...options }));
  entry('tverskyLoss', (options) => tverskyLoss({ mode, alpha: 0.3, beta: 0.7, gamma: 1.5, ...options }));
  entry('focalTverskyLoss', (options) => focalTverskyLoss({ mode, ...options }), { perfect: Number.POSITIVE_INFINITY });
  entry('focalLoss', (options) => focalLoss({ mode, alpha: 0.25, ...options }));
  entry('focalLoss, gamma 0.5', (options) => focalLoss({ mode, gamma: 0.5, ...options }));
  entry('focalLoss, normalised', (options) => focalLoss({ mode, normalized: true, ...options }), {
    without: ['reduction'],
  });
  entry('lovaszLoss', (options) => lovaszLoss({ mode, ...options }), { step: 1.5e-3 });
  entry('lovaszLoss, per image', (options) => lovaszLoss({ mode, perImage: true, smooth: 1, ...options }), {
    step: 1.5e-3,
  });
  entry('mccLoss', (options) => mccLoss({ mode, ...options }), { perfect: 1e-5 });
  entry('generalizedDiceLoss', (options) => generalizedDiceLoss({ mode, ...options }));
  entry('boundaryLoss', (options) => boundaryLoss({ mode, ...options }), { perfect: Number.POSITIVE_INFINITY });
  entry('meanSquaredErrorLoss', (options) => meanSquaredErrorLoss({ mode, ...options }));
  entry('meanAbsoluteErrorLoss', (options) => meanAbsoluteErrorLoss({ mode, ...options }));
  entry('smoothL1Loss', (options) => smoothL1Loss({ mode, beta: 0.5, ...options }), {
    without: ['fromLogits'],
    score: (scale) => 0.5 + 0.5 * Math.tanh(scale),
  });
  entry('pixelWeightedLoss', (options) => {
    const loss = focalLoss({ mode, ...options }) as Loss;
    return pixelWeightedLoss(loss, ({ shape: [batch, height, width] }) => fill([batch!, height!, width!], 2));
  });
  entry(
    'sumLosses',
    (options) =>
      sumLosses([
        [1, diceLoss({ mode, ...options }) as Loss],
        [2, focalLoss({ mode, ...options }) as Loss],
      ]),
    { without: ['reduction'] },
  );
}
describeOne({
  name: 'crossEntropyLoss',
  mode: 'multiclass',
  make: (options) => crossEntropyLoss({ classWeights: [0.5, 1, 2], ...options }),
});
describeOne({
  name: 'crossEntropyLoss, smooth',
  mode: 'multiclass',
  perfect: Number.POSITIVE_INFINITY,
  make: (options) => crossEntropyLoss({ smooth: 0.1, ...options }),
});
describeOne({
  name: 'klDivergenceLoss',
  mode: 'multiclass',
  without: ['classes', 'classWeights'],
  make: (options) => klDivergenceLoss(options),
});
describeOne({
  name: 'generalizedWassersteinDiceLoss',
  mode: 'multiclass',
  without: ['classes', 'classWeights'],
  make: (options) => {
    const distances = [
      [0, 1, 1],
      [1, 0, 0.5],
      [1, 0.5, 0],
    ];
    return generalizedWassersteinDiceLoss({ distances, ...options });
  },
});
for (const activation of ['softmax', 'sigmoidOfSoftmax'] as const) {
  describeOne({
    name: `focalLoss, ${activation}`,
    mode: 'multiclass',
    perfect: activation === 'softmax' ? 1e-6 : Number.POSITIVE_INFINITY,
    without: activation === 'softmax' ? [] : ['fromLogits'],
    make: (options) => focalLoss({ mode: 'multiclass', activation, ...options }),
  });
}
for (const mode of ['binary', 'multilabel'] as const) {
  describeOne({
    name: 'binaryCrossEntropyLoss',
    mode,
    make: (options) => binaryCrossEntropyLoss({ mode, positiveWeight: 3, ...options }),
  });
  describeOne({
    name: 'binaryCrossEntropyLoss, smooth',
    mode,
    perfect: Number.POSITIVE_INFINITY,
    make: (options) => binaryCrossEntropyLoss({ mode, smooth: 0.1, ...options }),
  });
}
describeOne({
  name: 'binaryCrossEntropyLoss with beta',
  mode: 'binary',
  make: (options) => binaryCrossEntropyLoss({ beta: 0.7, ...options }),
});

it('the suite above covers every loss that the library has', () => {
  const names = Object.keys(exported).filter((name) => /Loss(es)?$/.test(name));
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !covered.has(name))).toEqual([]);
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
  it('means of several classes divide by what counts of those that are asked for', () => {
    // The second class is ignored in one of two pixels; all errors of the third are (1 - .5)^2, ln 2, .5.
    const truth = tensor4d([0, 1, 1, 0, -1, 1], [1, 1, 2, 3]);
    const scores = zeros([1, 1, 2, 3]);
    const options = { mode: 'multilabel', ignoreIndex: -1, classes: [1, 2] } as const;
    for (const [loss, wanted] of [
      [meanSquaredErrorLoss(options), 0.25],
      [meanAbsoluteErrorLoss({ ...options, classWeights: [1, 5, 1] }), 0.5],
      [binaryCrossEntropyLoss(options), Math.LN2],
      [focalLoss({ ...options, gamma: 0 }), Math.LN2],
    ] as const) {
      const result = loss(truth, scores);
      expect(result.dataSync()[0]).toBeCloseTo(wanted, 6);
      result.dispose();
    }
    dispose([truth, scores]);
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
    expect(() => diceLoss({ mode: 'binary', gamma: 2 } as never)).toThrow('diceLoss has no option "gamma"');
    expect(() => lovaszLoss({ mode: 'binary', fromLogits: 1 as never })).toThrow('fromLogits must be true or false');
    expect(() => mccLoss({ mode: 'binary', reduction: 'max' as never })).toThrow('reduction must be one of');
    expect(() => diceLoss({ mode: 'binary', classWeights: [1] })).toThrow(
      "classWeights must not be given in mode 'binary'",
    );
    expect(() => focalLoss({ mode: 'multiclass', activation: 'softmax', alpha: 0.5 })).toThrow(
      'alpha, normalized and smp',
    );
    expect(() => lovaszLoss({ mode: 'binary', pooled: true })).toThrow("pooled must be used in mode 'multilabel'");
    expect(() => tverskyLoss({ mode: 'binary', alpha: 0, beta: 0 })).toThrow('alpha and beta must not both be 0');
    expect(() => generalizedWassersteinDiceLoss({ distances: [[0, 1], [1]] })).toThrow(
      'distances[1] must have 2 numbers',
    );
    expect(() =>
      generalizedWassersteinDiceLoss({
        distances: [
          [0, 0],
          [0, 0],
        ],
      }),
    ).toThrow('at least one number above 0');
    expect(() =>
      sumLosses([
        [1, diceLoss({ mode: 'binary' })],
        [1, diceLoss({ mode: 'binary', fromLogits: false })],
      ]),
    ).toThrow('terms must all take logits or all take probabilities');
    expect(() => focalLoss({ mode: 'both' as never })).toThrow('mode must be one of');
    expect(() => focalLoss({ mode: 'binary', gamma: -1 })).toThrow('gamma must be a finite number at least 0, got -1.');
    expect(() => focalLoss({ mode: 'binary', alpha: 2 })).toThrow(
      'alpha must be a finite number at least 0 and at most 1',
    );
    expect(() => jaccardLoss({ mode: 'multiclass', classes: [] })).toThrow('classes must hold at least one class');
    expect(() => jaccardLoss({ mode: 'multiclass', classes: [1, 0, 1] })).toThrow(
      'classes must hold every class once, got',
    );
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
