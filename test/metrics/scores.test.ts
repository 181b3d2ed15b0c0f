import fc from 'fast-check';
import { Random } from 'segkit/core';
import {
  averagePrecision,
  brierScore,
  calibrationBins,
  logLoss,
  multilabelCounts,
  precisionRecallCurve,
  rocCurve,
  type Scores,
  thresholdSweep,
} from 'segkit/metrics';
import { describe, expect, it } from 'vitest';
import { sortShorts } from '../../src/metrics/sortShorts.js';

const float = fc.oneof(
  fc.float({ noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    0.5,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Math.fround(1e-45),
    -Math.fround(1e-45),
  ),
);
const pixels = fc.array(fc.tuple(fc.constantFrom(0, 1, 255), float), { minLength: 1, maxLength: 60 });

/** Counts at a threshold, pixel by pixel. */
function countAt(list: readonly (readonly [number, number])[], threshold: number) {
  const reach = (label: number): number => list.filter(([t, score]) => t === label && score >= threshold).length;
  const all = (label: number): number => list.filter(([t]) => t === label).length;
  return {
    truePositives: reach(1),
    falsePositives: reach(0),
    falseNegatives: all(1) - reach(1),
    trueNegatives: all(0) - reach(0),
  };
}

describe('scores of float32, sorted by their bits', () => {
  it('give the curves of a sort, infinite scores, ignored pixels and both zeros among them', () => {
    fc.assert(
      fc.property(pixels, (list) => {
        const target = Uint8Array.from(list, ([t]) => t);
        const thresholds = [...new Set(list.filter(([t]) => t !== 255).map(([, score]) => score + 0))].sort(
          (a, b) => b - a,
        );
        const scores = Float32Array.from(list, ([, score]) => score);
        const options = { ignoreIndex: 255 };
        const curve = precisionRecallCurve(target, scores, options);
        expect([...curve.thresholds]).toEqual([...thresholds].reverse().map((threshold) => threshold + 0));
        [...thresholds].reverse().forEach((threshold, i) => {
          const { truePositives, falsePositives } = countAt(list, threshold);
          expect(curve.precision[i]).toBe(truePositives / (truePositives + falsePositives));
        });
        expect(precisionRecallCurve(target, Float64Array.from(scores), options)).toEqual(curve);
        expect(rocCurve(target, Float64Array.from(scores), options)).toEqual(rocCurve(target, scores, options));
      }),
    );
  });

  it('do so where many share their upper half', () => {
    const random = new Random(5);
    const scores = Float32Array.from({ length: 30_000 }, () => 0.5 + random.uniform() / 300);
    const target = Uint8Array.from(scores, () => (random.uniform() < 0.3 ? 1 : 0));
    const exact = precisionRecallCurve(target, Float64Array.from(scores));
    expect(precisionRecallCurve(target, scores)).toEqual(exact);
    expect(averagePrecision(target, scores)).toBeCloseTo(averagePrecision(target, Float64Array.from(scores)), 12);
  });

  it('name what is no number', () => {
    const target = new Uint8Array([0, 1, 1]);
    expect(() => averagePrecision(target, new Float32Array([0, 1, Number.NaN]))).toThrow(
      'scores must be numbers, got NaN at [2].',
    );
    expect(() => averagePrecision(new Uint8Array([0, 3]), new Float32Array(2))).toThrow(
      'target must hold 0 and 1, got 3 at [1].',
    );
  });
});

describe('sortShorts', () => {
  it('sorts few, some and many, and nothing outside', () => {
    const tally = new Uint32Array(65536);
    for (const length of [0, 1, 24, 25, 4095, 4096, 9000]) {
      const random = new Random(length);
      const values = Uint16Array.from({ length: length + 2 }, () => random.integer(0, 65536));
      const wanted = values.slice();
      wanted.subarray(1, length + 1).sort();
      sortShorts(values, 1, length + 1, tally);
      expect(values).toEqual(wanted);
      expect(tally.every((count) => count === 0)).toBe(true);
    }
  });
});

describe('counts at thresholds', () => {
  const rising = fc
    .uniqueArray(fc.double({ min: -2, max: 2, noNaN: true }), {
      minLength: 1,
      maxLength: 8,
      selector: (value) => value + 0,
    })
    .map((list) => [...list].sort((a, b) => a - b));

  it('of any thresholds are those of a comparison with each', () => {
    const near = fc.oneof(float, fc.float({ min: -2, max: 2, noNaN: true }));
    const list = fc.array(fc.tuple(fc.constantFrom(0, 1, 255), near), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(list, rising, fc.boolean(), (pairs, thresholds, double) => {
        const scores: Scores = double
          ? Float64Array.from(pairs, ([, score]) => score)
          : Float32Array.from(pairs, ([, score]) => score);
        // Scores that hit a threshold reach it.
        thresholds.forEach((threshold, k) => {
          if (k < scores.length && double) scores[k] = threshold;
        });
        const rounded = pairs.map(([t], i) => [t, scores[i]!] as const);
        const target = Uint8Array.from(pairs, ([t]) => t);
        const sweep = thresholdSweep(target, scores, { thresholds, ignoreIndex: 255 });
        thresholds.forEach((threshold, k) => {
          const wanted = countAt(rounded, threshold);
          for (const [part, count] of Object.entries(wanted)) expect(sweep[part as keyof typeof wanted][k]).toBe(count);
        });
      }),
    );
  });

  it('thresholds as close as numbers can be are told apart', () => {
    const thresholds = [0, Number.MIN_VALUE];
    const sweep = thresholdSweep(new Uint8Array([1, 1, 1]), new Float64Array([-1, 0, Number.MIN_VALUE]), {
      thresholds,
    });
    expect([...sweep.truePositives]).toEqual([2, 1]);
  });

  it('of one threshold are the same with and without branches', () => {
    const binary = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), float), { minLength: 1, maxLength: 40 });
    const cuts = fc.oneof(fc.double({ min: 1e-50, max: 2, noNaN: true }), fc.constantFrom(0.5, 0.1, 1e30));
    fc.assert(
      fc.property(binary, cuts, (list, threshold) => {
        const scores = Float32Array.from(list, ([, score]) => score);
        if (list.length > 1) scores[0] = threshold;
        const wanted = countAt(
          list.map(([t], i) => [t, scores[i]!] as const),
          threshold,
        );
        const labels = list.map(([t]) => t);
        for (const target of [Uint8Array.from(labels), Int32Array.from(labels), Float32Array.from(labels)]) {
          const counts = multilabelCounts(target, scores, { classes: 1, threshold });
          for (const [part, count] of Object.entries(wanted)) {
            expect(counts[part as keyof typeof wanted][0]).toBe(count);
          }
        }
      }),
    );
    const target = new Uint8Array([0, 1]);
    expect(() => multilabelCounts(target, new Float32Array([0, Number.NaN]), { classes: 1, threshold: 0.5 })).toThrow(
      'predicted must hold 0 and 1, got NaN at [1].',
    );
    expect(() => multilabelCounts(new Uint8Array([0, 2]), new Float32Array(2), { classes: 1, threshold: 0.5 })).toThrow(
      'target must hold 0 and 1, got 2 at [1].',
    );
  });
});

describe('what needs probabilities', () => {
  it('refuses logits, with their place', () => {
    const target = new Uint8Array([0, 1, 1]);
    const message = 'scores must be probabilities in 0..1, got 1.5 at [1].';
    for (const metric of [brierScore, calibrationBins, logLoss]) {
      expect(() => metric(target, new Float32Array([0.5, 1.5, 0]))).toThrow(message);
      expect(() => metric(target, new Float32Array([0.5, 1, -0.5]))).toThrow('got -0.5 at [2].');
    }
    const logits = new Float32Array([0.5, 0.5, 1, -2, 0.5, 0.5]);
    expect(() => logLoss(target, logits, { classes: 2 })).toThrow(
      'scores must be probabilities of 0 or more with a sum above 0, got -2 at pixel 1; apply the softmax first.',
    );
    expect(() => logLoss(target, new Float32Array(6), { classes: 2 })).toThrow('got 0 at pixel 0');
  });
});
