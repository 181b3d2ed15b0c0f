import {
  cast,
  dispose,
  grad,
  mul,
  oneHot,
  ones,
  profile,
  type Tensor,
  tensor,
  tensor3d,
  tensor4d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { createImage, createLabels, createMask } from 'segkit/core';
import {
  borderWeights,
  boundaryLoss,
  crossEntropyLoss,
  deepSupervision,
  diceLoss,
  focalLoss,
  type Loss,
  pixelWeightedLoss,
  smoothL1Loss,
  sumLosses,
  targetBorderWeights,
} from 'segkit/losses';
import { plainUnet } from 'segkit/models';
import { adamW, fit } from 'segkit/training';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';

const IDS = [0, 1, 1, 0, 2, 2, 1, 0, 0, 0, 2, 1, 1, 1, 0, 2];
const target = () => tensor3d(IDS, [1, 4, 4], 'int32');
const logits = (side = 4) =>
  tensor4d(
    Float32Array.from({ length: side * side * 3 }, (_, i) => 2 * Math.sin(3.7 * (i + 1))),
    [1, side, side, 3],
  );
const number = (make: () => Tensor): number => tidy(() => make().dataSync()[0]!);

describe('sumLosses', () => {
  useCpuBackend();

  it('is the sum of values and gradients, with losses of others among them too', () => {
    const [dice, focal] = [diceLoss({ mode: 'multiclass' }), focalLoss({ mode: 'multiclass' })];
    const foreign: Loss = (truth, x) => tidy(() => dice(truth, x));
    const value = (loss: Loss): number => number(() => loss(target(), logits()));
    const gradient = (loss: Loss): number[] =>
      tidy(() => [...grad((x: Tensor) => loss(target(), x))(logits()).dataSync()]);
    const ours = sumLosses([
      [1, dice],
      [20, focal],
    ]);
    const mixed = sumLosses([
      [1, foreign],
      [20, focal],
    ]);
    expect(value(ours)).toBeCloseTo(value(dice) + 20 * value(focal), 5);
    expect(value(mixed)).toBeCloseTo(value(ours), 5);
    const parts = [gradient(dice), gradient(focal)];
    gradient(ours).forEach((got, i) => {
      expect(got).toBeCloseTo(parts[0]![i]! + 20 * parts[1]![i]!, 5);
    });
    gradient(mixed).forEach((got, i) => {
      expect(got).toBeCloseTo(gradient(ours)[i]!, 5);
    });
  });

  it('makes the one-hot of a batch once, for all terms and their gradients', async () => {
    const terms = [
      crossEntropyLoss(),
      diceLoss({ mode: 'multiclass' }),
      focalLoss({ mode: 'multiclass' }),
      boundaryLoss({ mode: 'multiclass' }),
    ];
    for (const loss of [...terms, sumLosses(terms.map((term) => [1, term]))]) {
      const [truth, x] = [target(), logits()];
      const { kernels, result } = await profile(() => grad((z: Tensor) => loss(truth, z))(x));
      expect(kernels.filter(({ name }) => name === 'OneHot')).toHaveLength(1);
      dispose([truth, x, result as Tensor]);
    }
  });

  it('refuses a term that does not reduce', () => {
    const loss = sumLosses([[1, crossEntropyLoss({ reduction: 'none' }) as unknown as Loss]]);
    expect(() => number(() => loss(target(), logits()))).toThrow("must reduce to one number, got reduction 'none'.");
  });
});

describe('deepSupervision', () => {
  useCpuBackend();

  it('adds levels with their weights, the target by its middle pixels', () => {
    const loss = crossEntropyLoss();
    const small = () => tensor3d([IDS[5]!, IDS[7]!, IDS[13]!, IDS[15]!], [1, 2, 2], 'int32');
    const deep = deepSupervision(loss, [1, 0.25]);
    const got = number(() => deep(target(), [logits(), logits(2)]));
    const wanted = number(() => loss(target(), logits())) + 0.25 * number(() => loss(small(), logits(2)));
    expect(got).toBeCloseTo(wanted, 5);
  });

  it('takes one-hot and float targets alike', () => {
    const deep = deepSupervision(diceLoss({ mode: 'multiclass' }), [1, 0.5]);
    const hot = () => cast(oneHot(target(), 3), 'float32');
    expect(number(() => deep(hot(), [logits(), logits(2)]))).toBeCloseTo(
      number(() => deep(target(), [logits(), logits(2)])),
      6,
    );
  });

  it('asks a schedule for the weights of a step', () => {
    const deep = deepSupervision(crossEntropyLoss(), [1, (epoch) => 1 / (1 + epoch)]);
    const at = (step: number): number => number(() => deep(target(), [logits(), logits(2)], step));
    const [whole, none] = [at(0), number(() => crossEntropyLoss()(target(), logits()))];
    expect(at(3) - none).toBeCloseTo((whole - none) / 4, 5);
  });

  it('refuses levels and weights that do not fit', () => {
    const loss = crossEntropyLoss();
    expect(() => deepSupervision(loss, [])).toThrow('weights must be an array of at least one weight');
    expect(() => deepSupervision(loss, [-1])).toThrow('weights[0] must be a finite number at least 0, got -1.');
    const run = (levels: Tensor[], weights: number[]) => number(() => deepSupervision(loss, weights)(target(), levels));
    expect(() => tidy(() => run([logits()], [1, 1]))).toThrow('levels must be 2 tensors, one a weight');
    expect(() => tidy(() => run([logits(3)], [1]))).toThrow("levels must divide the target's 4 x 4 pixels, got 3 x 3");
    const falling = deepSupervision(loss, [() => -1]);
    expect(() => number(() => falling(target(), [logits()], 7))).toThrow(
      'weights[0] at step 7 must be a finite number',
    );
  });
});

describe('weights of pixels', () => {
  useCpuBackend();

  it('between two pixels of objects, 1 apart each: 1 + 10 exp(-(1 + 1)^2 / 50)', () => {
    const { data } = borderWeights(createLabels([1, 0, 2], [1, 3]));
    expect(data[1]).toBeCloseTo(1 + 10 * Math.exp(-4 / 50), 6);
    expect(borderWeights(createLabels([1, 0, 2], [1, 3]), { inside: true }).data[0]).toBeCloseTo(
      1 + 10 * Math.exp(-4 / 50),
      6,
    );
    expect([...borderWeights(createLabels([1, 0, 0], [1, 3])).data]).toEqual([1, 1, 1]);
  });

  it('equal the formula over all pairs of objects', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 30, maxLength: 30 }), (list) => {
        const labels = createLabels(list, [5, 6]);
        const { data } = borderWeights(labels, { w0: 5, sigma: 2 });
        list.forEach((id, i) => {
          const nearest = new Map<number, number>();
          list.forEach((other, j) => {
            if (other === 0) return;
            const distance = Math.hypot(Math.floor(i / 6) - Math.floor(j / 6), (i % 6) - (j % 6));
            nearest.set(other, Math.min(distance, nearest.get(other) ?? Number.POSITIVE_INFINITY));
          });
          const [first, second] = [...nearest.values()].sort((a, b) => a - b);
          const weight = id !== 0 || second === undefined ? 1 : 1 + 5 * Math.exp(-((first! + second) ** 2) / 8);
          expect(Math.abs(data[i]! - weight)).toBeLessThan(1e-6);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('of targets are those of their connected components, and pixelWeightedLoss multiplies by them', () => {
    const truth = tensor3d([1, 0, 1, 0, 0, 0], [2, 1, 3], 'int32');
    const weights = targetBorderWeights()(truth);
    expect([...weights.dataSync()].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([1, 10.2312, 1, 1, 1, 1]);
    const x = zeros([2, 1, 3, 2]);
    const loss = pixelWeightedLoss(crossEntropyLoss(), targetBorderWeights());
    expect(number(() => loss(truth, x))).toBeCloseTo((Math.LN2 * (5 + 10.231163)) / 6, 5);
    dispose([truth, weights, x]);
    expect(() => targetBorderWeights({ sigma: 0 })).toThrow('sigma must be a finite number above 0, got 0.');
    expect(() => tidy(() => targetBorderWeights()(zeros([1, 2, 2, 3])))).toThrow('target must have shape [batch,');
    expect(() => pixelWeightedLoss(crossEntropyLoss(), 3 as never)).toThrow('weightsOf must be a function, got 3.');
  });

  it('weigh a pixel as often as it would have to be there', () => {
    const truth = (times: number[]) =>
      tensor(
        times.flatMap((n, i) => new Array(n).fill(IDS[i])),
        [1, 1, times.reduce((a, b) => a + b)],
        'int32',
      );
    const scores = (times: number[]) =>
      tensor(
        times.flatMap((n, i) => new Array(n).fill([Math.sin(i), Math.cos(i), 0.3 * i]).flat()),
        [1, 1, times.reduce((a, b) => a + b), 3],
        'float32',
      );
    for (const loss of [diceLoss({ mode: 'multiclass' }), crossEntropyLoss({ reduction: 'sum' })]) {
      const weighed = number(() => loss(truth([1, 1, 1, 1]), scores([1, 1, 1, 1]), tensor([1, 3, 2, 1], [1, 1, 4])));
      expect(weighed).toBeCloseTo(
        number(() => loss(truth([1, 3, 2, 1]), scores([1, 3, 2, 1]))),
        5,
      );
    }
  });
});

describe('single losses by hand', () => {
  useCpuBackend();

  it('boundary: distances 2 1 0 -1 times .5 over 4 pixels, and absent classes cost nothing', () => {
    const loss = boundaryLoss({ mode: 'multiclass' });
    expect(number(() => loss(tensor3d([0, 0, 1, 1], [1, 1, 4], 'int32'), zeros([1, 1, 4, 2])))).toBeCloseTo(
      (0.5 * (2 + 1 + 0 - 1)) / 4,
      6,
    );
    expect(number(() => loss(zeros([1, 1, 4], 'int32'), zeros([1, 1, 4, 2])))).toBe(0);
  });
  it('smooth L1, beta .5: .25^2 / 1 and 2 - .25', () => {
    const value = number(() =>
      smoothL1Loss({ mode: 'binary', beta: 0.5 })(tensor3d([0, 0], [1, 1, 2]), tensor4d([0.25, -2], [1, 1, 2, 1])),
    );
    expect(value).toBeCloseTo((0.0625 + 1.75) / 2, 6);
    expect(() => smoothL1Loss({ mode: 'binary', fromLogits: true } as never)).toThrow('it has no activation');
  });
  it('probabilities outside 0..1 are refused', () => {
    const loss = diceLoss({ mode: 'binary', fromLogits: false });
    expect(() => number(() => loss(ones([1, 1, 2]), tensor4d([0.5, 1.5], [1, 1, 2, 1])))).toThrow(
      'probabilities must lie in 0..1 (fromLogits is false), got 1.5 at [0, 0, 1, 0].',
    );
  });
});

describe('targets in training', () => {
  useCpuBackend();

  it('fit trains the same on class ids and one-hot targets', async () => {
    const data = [3, 8].map((seed) => ({
      image: createImage(
        Float32Array.from({ length: 64 }, (_, i) => Math.sin(seed * i)),
        [8, 8],
      ),
      mask: createMask(
        Uint8Array.from({ length: 64 }, (_, i) => (Math.sin(seed * i) > 0 ? 1 : 0)),
        [8, 8],
      ),
    }));
    const run = async (loss: Loss): Promise<number[]> => {
      const model = plainUnet({ inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1, seed: 1 });
      const optimizer = adamW(1e-2);
      const { epochs } = await fit(model, { data, loss, optimizer, epochs: 3, batchSize: 2, seed: 1 });
      model.dispose();
      optimizer.dispose();
      return epochs.map(({ trainLoss }) => trainLoss);
    };
    const plain = crossEntropyLoss();
    const hot: Loss = (truth, x) => tidy(() => plain(oneHot(cast(truth, 'int32'), 2), x));
    const [a, b] = [await run(plain), await run(hot)];
    a.forEach((value, i) => {
      expect(b[i]).toBeCloseTo(value, 5);
    });
    expect(a[2]).toBeLessThan(a[0]!);
  });

  it('model.compile takes a loss with one-hot targets, and learns', async () => {
    const model = sequential({
      layers: [layers.conv2d({ inputShape: [4, 4, 1], filters: 3, kernelSize: 1, kernelInitializer: 'zeros' })],
    });
    model.compile({
      optimizer: 'adam',
      loss: sumLosses([
        [1, crossEntropyLoss()],
        [1, diceLoss({ mode: 'multiclass' })],
      ]),
    });
    const x = tensor4d(
      IDS.map((id) => id - 1),
      [1, 4, 4, 1],
    );
    const y = tidy(() => cast(oneHot(target(), 3), 'float32'));
    const { history } = await model.fit(x, y, { epochs: 5, verbose: 0 });
    expect(history.loss![4]).toBeLessThan(history.loss![0] as number);
    dispose([x, y]);
    model.dispose();
    (model as unknown as { optimizer: { dispose(): void } }).optimizer.dispose();
  });
});

it('scales with the upstream gradient', () => {
  const loss = diceLoss({ mode: 'multiclass' });
  tidy(() => {
    const once = grad((x: Tensor) => loss(target(), x))(logits()).dataSync();
    const twice = grad((x: Tensor) => mul(loss(target(), x), 2))(logits()).dataSync();
    once.forEach((value: number, i: number) => {
      expect(twice[i]).toBeCloseTo(2 * value, 6);
    });
  });
});
