import {
  cast,
  dispose,
  grad,
  mul,
  oneHot,
  reshape,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  tidy,
  valueAndGrad,
} from '@tensorflow/tfjs-core';
import type { Loss, LossMode, LossOptions, UnreducedLoss } from 'segkit/losses';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';

const BATCH = 2;
const HEIGHT = 3;
const WIDTH = 4;
const PIXELS = BATCH * HEIGHT * WIDTH;

/** One loss to put through the suite that every loss passes. */
export interface SuiteEntry {
  name: string;
  mode: LossMode;
  /** Makes the loss with shared options besides its own. */
  make: (options: Omit<Partial<LossOptions>, 'mode'>) => Loss | UnreducedLoss;
  /** What a perfect prediction costs at most; Infinity where it does not come close to 0. @defaultValue 1e-6 */
  perfect?: number;
  /** Shared options that the loss refuses. */
  without?: readonly (keyof LossOptions)[];
  /** Step of the central differences; small where the loss has kinks. */
  step?: number;
  /** The score that agrees with a target of 1 (`scale` above 0) or 0 (below). @defaultValue the scale, a logit */
  score?: (scale: number) => number;
}

/** Target, logits and what fits them, for three classes (one in mode binary). */
function example(mode: LossMode, score: (scale: number) => number) {
  const classes = mode === 'binary' ? 1 : 3;
  const ids = Array.from({ length: PIXELS }, (_, i) => (i * 7 + Math.floor(i / 5)) % (mode === 'binary' ? 2 : 3));
  const bits = Array.from({ length: PIXELS * 3 }, (_, i) => ((i * 7 + Math.floor(i / 5)) % 3 === 0 ? 1 : 0));
  const target = (): Tensor =>
    mode === 'multilabel'
      ? tensor(bits, [BATCH, HEIGHT, WIDTH, 3], 'float32')
      : tensor(ids, [BATCH, HEIGHT, WIDTH], 'int32');
  /** Logits that agree with the target where `scale` is above 0. */
  const agreeing = (scale: number): Float32Array =>
    Float32Array.from({ length: PIXELS * classes }, (_, i) => {
      if (mode === 'multilabel') return score(bits[i] === 1 ? scale : -scale);
      if (mode === 'binary') return score(ids[i] === 1 ? scale : -scale);
      return score(ids[Math.floor(i / 3)] === i % 3 ? scale : -scale);
    });
  const noise = Float32Array.from({ length: PIXELS * classes }, (_, i) => 2 * Math.sin(12.9898 * (i + 1)));
  const shape = [BATCH, HEIGHT, WIDTH, classes];
  return { ids, target, agreeing, noise, shape, classes };
}

/** A weighted sum over whatever the loss returns, with a weight of its own for each value. */
function upstreamSum(value: Tensor): Scalar {
  if (value.rank === 0) return value as Scalar;
  const weights = Array.from({ length: value.size }, (_, i) => 1 + (i % 3));
  return sum<Scalar>(mul(reshape(value, [-1]), tensor(weights)));
}

/** What every loss holds: gradient, order, stability, target forms, ignored pixels, errors, no leak. */
export function describeLoss(entry: SuiteEntry): void {
  const { name, mode, make: build, perfect = 1e-6, without = [], step = 2e-2, score = (scale) => scale } = entry;
  const make = (options: Omit<Partial<LossOptions>, 'mode'>): Loss => build(options) as Loss;
  const takes = (...options: (keyof LossOptions)[]): boolean => !options.some((option) => without.includes(option));
  describe(`${name}, ${mode}`, () => {
    useCpuBackend();
    const { ids, target, agreeing, noise, shape, classes } = example(mode, score);
    const at = (loss: Loss, values: Float32Array, truth: () => Tensor = target): number =>
      tidy(() => loss(truth(), tensor(values, shape, 'float32')).dataSync()[0]!);
    const gradientAt = (loss: Loss, values: Float32Array, truth: () => Tensor = target): Float32Array =>
      tidy(
        () => grad((x: Tensor) => loss(truth(), x))(tensor(values, shape, 'float32')).dataSync() as Float32Array,
      ).slice();

    /** Compares the gradient of a loss with central differences at `start`. */
    const compareGradient = (loss: Loss, start: Float32Array, move: number, weights?: () => Tensor): void => {
      const scalar: Loss = (truth, x) => tidy(() => upstreamSum(loss(truth, x, weights?.())));
      const analytic = gradientAt(scalar, start);
      const largest = Math.max(...analytic.map(Math.abs));
      for (let i = 0; i < start.length; i++) {
        const [up, down] = [start.slice(), start.slice()];
        up[i]! += move;
        down[i]! -= move;
        // Logits were rounded to float32: divide by the step that was taken.
        const numeric = (at(scalar, up) - at(scalar, down)) / (up[i]! - down[i]!);
        expect(Math.abs(numeric - analytic[i]!), `logit ${i}`).toBeLessThan(
          2e-4 * (1 + largest) + 0.02 * Math.abs(numeric),
        );
      }
    };
    const pixelWeights = (): Tensor =>
      tensor(
        ids.map((_, i) => [1, 0.5, 2, 0, 3][i % 5]!),
        [BATCH, HEIGHT, WIDTH],
        'float32',
      );

    it('has the gradient of central differences', () => compareGradient(make({}), noise, step));
    it('has it with weights of pixels', () => compareGradient(make({}), noise, step, pixelWeights));
    it("has it with reductions 'sum' and 'none', whatever comes from upstream", () => {
      if (!takes('reduction')) return;
      compareGradient(make({ reduction: 'sum' }), noise, step);
      compareGradient(make({ reduction: 'none' }), noise, step);
    });
    it('has it from probabilities', () => {
      if (!takes('fromLogits')) return;
      // Classes need not sum to 1 for a derivative.
      const share = noise.map((value) => 0.37 + 0.11 * value);
      compareGradient(make({ fromLogits: false }), share, step / 5);
    });
    it('has it with some of the classes, weighed', () => {
      if (mode === 'binary' || !takes('classes', 'classWeights')) return;
      compareGradient(make({ classes: [1, 2], classWeights: [1, 2, 0.5] }), noise, step);
    });

    it('gives pixels of weight 0 no gradient, and equal weights no say', () => {
      const loss = make({});
      const weighed = (weights: number[]): Loss => {
        return (truth, x) => tidy(() => loss(truth, x, tensor(weights, [BATCH, HEIGHT, WIDTH], 'float32')));
      };
      const some = ids.map((_, i) => (i % 4 === 1 ? 0 : 1));
      gradientAt(weighed(some), noise).forEach((value, i) => {
        if (Math.floor(i / classes) % 4 === 1) expect(Math.abs(value)).toBe(0);
      });
      const ones = ids.map(() => 1);
      expect(at(weighed(ones), noise)).toBeCloseTo(at(loss, noise), 6);
      for (const [bad, message] of [
        [ids.map(() => 0), 'weights must hold at least one number above 0'],
        [
          ids.map((_, i) => (i === 5 ? Number.NaN : 1)),
          'weights must hold finite numbers of 0 or more, got NaN at [0, 1, 1]',
        ],
      ] as const) {
        expect(() => at(weighed(bad), noise)).toThrow(message);
      }
      expect(() => at((truth, x) => tidy(() => loss(truth, x, tensor([1, 2]))), noise)).toThrow(
        'weights must have shape [2, 3, 4], got [2].',
      );
    });

    it('names logits that are no numbers', () => {
      const broken = noise.slice();
      broken[7 * classes] = Number.NaN;
      expect(() => at(make({}), broken)).toThrow('must be finite numbers, got NaN at [0, 1, 3, 0].');
    });

    it('is a scalar times the upstream gradient', () => {
      const loss = make({});
      const logits = tensor(noise, shape, 'float32');
      const truth = target();
      const one = valueAndGrad((x: Tensor) => loss(truth, x))(logits);
      const three = grad((x: Tensor) => tidy(() => mul<Scalar>(loss(truth, x), 3)))(logits);
      expect(one.value.shape).toEqual([]);
      const [a, b] = [one.grad.dataSync(), three.dataSync()];
      for (let i = 0; i < a.length; i++) expect(b[i]).toBeCloseTo(3 * a[i]!, 5);
      dispose([logits, truth, one.value, one.grad, three]);
    });

    it('puts a good prediction below a bad one, and near 0 where it is perfect', () => {
      const loss = make({});
      expect(at(loss, agreeing(2))).toBeLessThan(at(loss, agreeing(-2)));
      expect(at(loss, agreeing(0.5))).toBeLessThan(at(loss, agreeing(0.25)));
      expect(at(loss, agreeing(40))).toBeLessThan(perfect);
    });

    it('is finite with its gradient at logits of 80, 1e4 and 1e30, right and wrong, whatever classes there are', () => {
      const one = (value: number) => (): Tensor =>
        tensor(new Float32Array(mode === 'multilabel' ? PIXELS * 3 : PIXELS).fill(value), target().shape, 'int32');
      const loss = make({});
      for (const truth of [target, one(0), one(1)]) {
        for (const scale of [0, 80, -80, 1e4, -1e4, 1e30, -1e30]) {
          tidy(() => {
            expect(Number.isFinite(at(loss, agreeing(scale), truth)), `value at ${scale}`).toBe(true);
            expect(gradientAt(loss, agreeing(scale), truth).every(Number.isFinite), `gradient at ${scale}`).toBe(true);
          });
        }
      }
    });

    it('takes other forms of the target with equal values and gradients', () => {
      const loss = make({});
      const other = (): Tensor => {
        if (mode === 'multiclass') return cast(oneHot(target(), classes), 'float32');
        if (mode === 'binary') return reshape(target(), shape);
        return cast(target(), 'int32');
      };
      expect(at(loss, noise, other)).toBeCloseTo(at(loss, noise), 6);
      const [a, b] = [gradientAt(loss, noise), gradientAt(loss, noise, other)];
      a.forEach((value, i) => {
        expect(b[i]).toBeCloseTo(value, 6);
      });
    });

    if (mode !== 'multilabel' && takes('ignoreIndex')) {
      it('gives ignored pixels no gradient and no say', () => {
        const loss = make({ ignoreIndex: 255 });
        const hidden = ids.map((id, i) => (i % 4 === 1 ? 255 : id));
        const truth = (): Tensor => tensor(hidden, [BATCH, HEIGHT, WIDTH], 'int32');
        const changed = noise.map((value, i) => (Math.floor(i / classes) % 4 === 1 ? -value : value));
        expect(at(loss, changed, truth)).toBe(at(loss, noise, truth));
        gradientAt(loss, noise, truth).forEach((value, i) => {
          if (Math.floor(i / classes) % 4 === 1) expect(Math.abs(value)).toBe(0);
        });
        const all = (): Tensor =>
          tensor(
            ids.map(() => 255),
            [BATCH, HEIGHT, WIDTH],
            'int32',
          );
        expect(Math.abs(at(loss, noise, all))).toBe(0);
        expect(gradientAt(loss, noise, all).every((value) => value === 0)).toBe(true);
      });
    }

    if (mode === 'multilabel' && takes('ignoreIndex')) {
      it('gives places that are ignored in one class no gradient and no say', () => {
        const loss = make({ ignoreIndex: -1 });
        const marks = (i: number): boolean => i % 3 === 0 && i % 4 === 1;
        const truth = (): Tensor =>
          tidy(() =>
            tensor(
              [...target().dataSync()].map((value, i) => (marks(i) ? -1 : value)),
              shape,
              'float32',
            ),
          );
        const changed = noise.map((value, i) => (marks(i) ? -value : value));
        tidy(() => {
          expect(at(loss, changed, truth)).toBe(at(loss, noise, truth));
          gradientAt(loss, noise, truth).forEach((value, i) => {
            if (marks(i)) expect(Math.abs(value)).toBe(0);
          });
        });
      });
    }

    it('refuses shapes and values that do not fit', () => {
      const loss = make({});
      const check = (truth: Tensor, logits: Tensor, message: string): void => {
        expect(() => loss(truth, logits)).toThrow(message);
        dispose([truth, logits]);
      };
      const logits = (): Tensor => tensor(noise, shape, 'float32');
      check(target(), tensor(noise), 'logits must have shape [batch, height, width, classes], not empty, got [');
      check(
        target(),
        tensor([], [0, 3, 4, classes]),
        'logits must have shape [batch, height, width, classes], not empty',
      );
      check(tensor([0, 1], [1, 1, 2]), logits(), 'target must have shape [2, 3, 4');
      const wrong = new Float32Array(mode === 'multilabel' ? PIXELS * 3 : PIXELS);
      wrong[5] = 7;
      const bad = tensor(wrong, mode === 'multilabel' ? shape : [BATCH, HEIGHT, WIDTH], 'int32');
      const place = mode === 'multilabel' ? '[0, 0, 1, 2]' : '[0, 1, 1]';
      check(bad, logits(), `got 7 at ${place}.`);
      if (mode === 'binary') {
        check(
          target(),
          tensor(new Float32Array(PIXELS * 2), [BATCH, HEIGHT, WIDTH, 2]),
          "logits must have 1 class in mode 'binary', got 2",
        );
      }
      if (mode === 'multiclass') {
        check(
          target(),
          tensor(new Float32Array(PIXELS), [BATCH, HEIGHT, WIDTH, 1]),
          "logits must have at least 2 classes in mode 'multiclass'",
        );
        check(
          tensor(new Float32Array(PIXELS * 3), shape),
          logits(),
          'target must have classes that sum to 1 in every pixel, got 0 at [0, 0, 0].',
        );
      }
    });
  });
}
