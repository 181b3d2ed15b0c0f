import fc from 'fast-check';
import { createLabels, createMask, type Labels } from 'segkit/core';
import {
  adaptedRand,
  addCalibrationBins,
  addClassCounts,
  addInstanceCounts,
  addThresholdSweeps,
  adjustedRandIndex,
  aggregatedJaccardIndex,
  averageInstancePrecision,
  averageMetric,
  averagePrecision,
  averageSurfaceDistance,
  balancedAccuracy,
  bestThreshold,
  bootstrapInterval,
  boundaryDistances,
  boundaryF1,
  brierScore,
  calibrationBins,
  calibrationCurve,
  calibrationError,
  classAccuracy,
  classCounts,
  classTable,
  cohenKappa,
  confusionMatrix,
  dice,
  f1,
  falseDiscoveryRate,
  falseNegativeRate,
  falseOmissionRate,
  falsePositiveRate,
  fBeta,
  frequencyWeightedIou,
  generalizedDice,
  hausdorffDistance,
  instanceCounts,
  instanceScores,
  iou,
  logLoss,
  matchInstances,
  matthewsCorrelation,
  multilabelCounts,
  mutualInformation,
  negativeLikelihoodRatio,
  negativePredictiveValue,
  normalizeConfusionMatrix,
  normalizedMutualInformation,
  otsuThreshold,
  pixelAccuracy,
  positiveLikelihoodRatio,
  precision,
  precisionRecallCurve,
  recall,
  rocAuc,
  sizeErrors,
  specificity,
  surfaceDice,
  sweepCounts,
  thresholdSweep,
  topKAccuracy,
  variationOfInformation,
} from 'segkit/metrics';
import { describe, expect, it } from 'vitest';
import { differences, near } from '../morphology/golden.js';
import { labelPairs, maskPairs, scorePairs } from './arbitraries.js';

const isShare = (value: number): boolean => Number.isNaN(value) || (value >= 0 && value <= 1 + 1e-12);
const same = (a: number, b: number): boolean => near(a, b, 1e-12);
const perClass = {
  iou,
  dice,
  precision,
  recall,
  f1,
  fBeta,
  specificity,
  negativePredictiveValue,
  falsePositiveRate,
  falseNegativeRate,
  falseDiscoveryRate,
  falseOmissionRate,
  classAccuracy,
  balancedAccuracy,
};
const ratios = { positiveLikelihoodRatio, negativeLikelihoodRatio };
const ofAll = {
  pixelAccuracy,
  frequencyWeightedIou,
  cohenKappa,
  matthewsCorrelation,
  mutualInformation,
  normalizedMutualInformation,
  adjustedRandIndex,
};

describe('metrics of a confusion matrix', () => {
  const matrices = maskPairs(4).map(({ target, predicted }) => ({
    cm: confusionMatrix(target, predicted, { classes: 4 }),
    back: confusionMatrix(predicted, target, { classes: 4 }),
  }));

  it('lie in their bounds', () => {
    fc.assert(
      fc.property(matrices, ({ cm }) => {
        for (const metric of Object.values(perClass)) expect([...metric(cm)].every(isShare)).toBe(true);
        for (const metric of Object.values(ratios)) expect([...metric(cm)].every((v) => !(v < 0))).toBe(true);
        for (const value of [frequencyWeightedIou(cm), generalizedDice(cm), normalizedMutualInformation(cm)]) {
          expect(isShare(value)).toBe(true);
        }
        for (const value of [cohenKappa(cm), matthewsCorrelation(cm), adjustedRandIndex(cm)]) {
          expect(Number.isNaN(value) || (value >= -1 - 1e-9 && value <= 1 + 1e-9)).toBe(true);
        }
        expect(mutualInformation(cm)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
  it('agree where the masks change places: IoU, Dice, kappa, MCC and the Rand index stay, precision is recall', () => {
    fc.assert(
      fc.property(matrices, ({ cm, back }) => {
        expect(differences(iou(back), iou(cm), 1e-15)).toEqual([]);
        expect(differences(dice(back), dice(cm), 1e-15)).toEqual([]);
        expect(differences(precision(back), recall(cm), 1e-15)).toEqual([]);
        expect(differences(falseDiscoveryRate(back), falseNegativeRate(cm), 1e-15)).toEqual([]);
        for (const metric of [pixelAccuracy, cohenKappa, matthewsCorrelation, mutualInformation, adjustedRandIndex]) {
          expect(near(metric(back), metric(cm), 1e-9)).toBe(true);
        }
      }),
    );
  });
  it('do not depend on the names of classes', () => {
    fc.assert(
      fc.property(maskPairs(4), fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), ({ target, predicted }, names) => {
        const renamed = (mask: typeof target) =>
          createMask(
            mask.data.map((id) => names[id]!),
            mask.shape,
          );
        const cm = confusionMatrix(target, predicted, { classes: 4 });
        const other = confusionMatrix(renamed(target), renamed(predicted), { classes: 4 });
        for (const metric of Object.values(perClass)) {
          const [values, moved] = [metric(cm), metric(other)];
          expect(
            differences(
              names.map((name) => moved[name]!),
              values,
              1e-12,
            ),
          ).toEqual([]);
        }
        for (const metric of Object.values(ofAll)) expect(near(metric(other), metric(cm), 1e-9)).toBe(true);
      }),
    );
  });
  it('are complements of one another, and F-beta at 1 is Dice', () => {
    fc.assert(
      fc.property(matrices, ({ cm }) => {
        const complement = (values: Float64Array) => values.map((value) => 1 - value);
        expect(differences(falseNegativeRate(cm), complement(recall(cm)), 1e-12)).toEqual([]);
        expect(differences(falseDiscoveryRate(cm), complement(precision(cm)), 1e-12)).toEqual([]);
        expect(differences(falsePositiveRate(cm), complement(specificity(cm)), 1e-12)).toEqual([]);
        expect(differences(falseOmissionRate(cm), complement(negativePredictiveValue(cm)), 1e-12)).toEqual([]);
        expect(differences(fBeta(cm, { beta: 1 }), dice(cm), 1e-12)).toEqual([]);
        const table = classTable(cm, ['a', 'b', 'c', 'd']);
        expect(
          differences(
            table.map((row) => row.iou),
            iou(cm),
          ),
        ).toEqual([]);
        expect(table.reduce((sum, { support }) => sum + support, 0)).toBe(cm.counts.reduce((a, b) => a + b));
        for (const over of ['true', 'predicted', 'all'] as const) {
          const total = normalizeConfusionMatrix(cm, over).reduce((a, b) => a + b);
          expect(Math.abs(total - Math.round(total))).toBeLessThan(1e-9);
        }
      }),
    );
  });
  it('add up over batches: micro and macro of two images are those of both in one', () => {
    fc.assert(
      fc.property(maskPairs(3), maskPairs(3), (one, other) => {
        const images = [one, other].map(({ target, predicted }) =>
          classCounts(confusionMatrix(target, predicted, { classes: 3 })),
        );
        const joined = confusionMatrix(
          Uint8Array.of(...one.target.data, ...other.target.data),
          Uint8Array.of(...one.predicted.data, ...other.predicted.data),
          { classes: 3 },
        );
        expect(addClassCounts(...images)).toEqual(classCounts(joined));
        for (const reduction of ['micro', 'macro', 'weighted'] as const) {
          expect(same(averageMetric(iou, images, { reduction }), averageMetric(iou, [joined], { reduction }))).toBe(
            true,
          );
        }
        // Survives a structured clone, as to and from a worker.
        expect(iou(structuredClone(images[0]!))).toEqual(iou(images[0]!));
        expect(iou(structuredClone(joined))).toEqual(iou(joined));
      }),
    );
  });
  it('count the same from masks, numbers of any type and views', () => {
    fc.assert(
      fc.property(maskPairs(3), ({ target, predicted }) => {
        const wanted = confusionMatrix(target, predicted, { classes: 3 });
        const ints = confusionMatrix(Int32Array.from(target.data), Float32Array.from(predicted.data), { classes: 3 });
        expect(ints).toEqual(wanted);
        expect(confusionMatrix(target.transpose(1, 0), predicted.transpose(1, 0), { classes: 3 })).toEqual(wanted);
        const ones = new Float32Array(target.data.length).fill(1);
        expect(confusionMatrix(target, predicted, { classes: 3, weights: ones })).toEqual(wanted);
      }),
    );
  });
  it('of two classes are those of multilabel counts', () => {
    fc.assert(
      fc.property(scorePairs, ({ target, scores }) => {
        const hard = Uint8Array.from(scores, (score) => (score >= 0.5 ? 1 : 0));
        const cm = classCounts(confusionMatrix(target, hard, { classes: 2 }));
        const counts = multilabelCounts(target, scores, { classes: 1, threshold: 0.5 });
        for (const part of ['truePositives', 'falsePositives', 'falseNegatives', 'trueNegatives'] as const) {
          expect(counts[part][0]).toBe(cm[part][1]);
        }
      }),
    );
  });
});

describe('metrics of scores', () => {
  it('lie in 0..1, and do not depend on the order of pixels', () => {
    fc.assert(
      fc.property(scorePairs, ({ target, scores }) => {
        const [backTarget, backScores] = [target.slice().reverse(), scores.slice().reverse()];
        for (const metric of [averagePrecision, rocAuc, brierScore]) {
          expect(isShare(metric(target, scores))).toBe(true);
          expect(same(metric(target, scores), metric(backTarget, backScores))).toBe(true);
        }
        expect(logLoss(target, scores)).toBeGreaterThanOrEqual(0);
        const { expected, maximum } = calibrationError(calibrationBins(target, scores));
        expect(isShare(expected) && isShare(maximum) && expected <= maximum + 1e-12).toBe(true);
      }),
    );
  });
  it('rank: a rising function of the scores changes neither average precision nor the area under the curve', () => {
    fc.assert(
      fc.property(scorePairs, ({ target, scores }) => {
        const risen = scores.map((score) => score ** 3 / 2);
        expect(same(averagePrecision(target, risen), averagePrecision(target, scores))).toBe(true);
        expect(same(rocAuc(target, risen), rocAuc(target, scores))).toBe(true);
        const flipped = rocAuc(
          target,
          scores.map((score) => 1 - score),
        );
        expect(same(flipped, 1 - rocAuc(target, scores))).toBe(true);
      }),
    );
  });
  it('sweep as a confusion matrix at every threshold, and add up', () => {
    fc.assert(
      fc.property(scorePairs, scorePairs, (one, other) => {
        const thresholds = [0.1, 0.33, 0.5, 0.9];
        const sweep = thresholdSweep(one.target, one.scores, { thresholds });
        thresholds.forEach((threshold, k) => {
          const counts = multilabelCounts(one.target, one.scores, { classes: 1, threshold });
          expect(sweep.truePositives[k]).toBe(counts.truePositives[0]);
          expect(sweep.falsePositives[k]).toBe(counts.falsePositives[0]);
          expect(sweep.trueNegatives[k]).toBe(counts.trueNegatives[0]);
        });
        const joined = thresholdSweep(
          Uint8Array.of(...one.target, ...other.target),
          Float64Array.of(...one.scores, ...other.scores),
          { thresholds },
        );
        expect(addThresholdSweeps(sweep, thresholdSweep(other.target, other.scores, { thresholds }))).toEqual(joined);
        const best = bestThreshold(sweep).value;
        for (const value of f1(sweepCounts(sweep))) expect(value > best).toBe(false);
        const curve = precisionRecallCurve(one.target, one.scores);
        expect([...curve.precision].every(isShare)).toBe(true);
        const bins = addCalibrationBins(
          calibrationBins(one.target, one.scores),
          calibrationBins(other.target, other.scores),
        );
        expect(bins.counts.reduce((a, b) => a + b)).toBe(one.target.length + other.target.length);
        expect([...calibrationCurve(bins).observed].every(isShare)).toBe(true);
      }),
    );
  });
  it('top k rises with k to 1', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 }), (list) => {
        const shares = [1, 2, 3].map((k) =>
          topKAccuracy(Uint8Array.of(0, 2), Float32Array.from(list), { classes: 3, k }),
        );
        expect(shares[0]).toBeLessThanOrEqual(shares[1]!);
        expect(shares[2]).toBe(1);
      }),
    );
  });
  it('Otsu separates two heaps, and refuses what is no probability', () => {
    const threshold = otsuThreshold(Float32Array.of(0.1, 0.12, 0.2, 0.8, 0.85, 0.9));
    expect(threshold).toBeGreaterThanOrEqual(0.2);
    expect(threshold).toBeLessThan(0.8);
    expect(() => otsuThreshold(Float32Array.of(0.5, 1.5))).toThrow('probabilities must lie in 0..1, got 1.5 at [1].');
  });
});

describe('metrics of boundaries', () => {
  it('are symmetric, in order, and the same for flipped masks', () => {
    fc.assert(
      fc.property(maskPairs(2), ({ target, predicted }) => {
        const there = boundaryDistances(target, predicted);
        const back = boundaryDistances(predicted, target);
        const flipped = boundaryDistances(target.step(1, -1), predicted.step(1, -1));
        for (const distances of [back, flipped]) {
          expect(hausdorffDistance(distances)).toBe(hausdorffDistance(there));
          expect(same(averageSurfaceDistance(distances), averageSurfaceDistance(there))).toBe(true);
          expect(same(surfaceDice(distances, { tolerance: 1 }), surfaceDice(there, { tolerance: 1 }))).toBe(true);
          expect(same(boundaryF1(distances, { tolerance: 1 }).f1, boundaryF1(there, { tolerance: 1 }).f1)).toBe(true);
        }
        const [hd, hd95, assd] = [
          hausdorffDistance(there),
          hausdorffDistance(there, { percentile: 95 }),
          averageSurfaceDistance(there),
        ];
        if (!Number.isNaN(hd)) expect(assd <= hd + 1e-12 && hd95 <= hd + 1e-12).toBe(true);
        expect(boundaryF1(there, { tolerance: 1 }).precision).toBe(boundaryF1(back, { tolerance: 1 }).recall);
      }),
    );
  });
  it('equal a search over all pairs of pixels, for every way to measure', () => {
    fc.assert(
      fc.property(maskPairs(2), ({ target, predicted }) => {
        const [height, width] = target.shape as [number, number];
        const rim = (mask: typeof target): [number, number][] => {
          const list: [number, number][] = [];
          for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++) {
              const at = (dy: number, dx: number): number =>
                y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width ? 0 : mask.get(y + dy, x + dx);
              if (at(0, 0) === 1 && (!at(-1, 0) || !at(1, 0) || !at(0, -1) || !at(0, 1))) list.push([y, x]);
            }
          }
          return list;
        };
        const measures = {
          euclidean: (y: number, x: number) => Math.hypot(y, x),
          chessboard: (y: number, x: number) => Math.max(Math.abs(y), Math.abs(x)),
          taxicab: (y: number, x: number) => Math.abs(y) + Math.abs(x),
        };
        for (const [metric, measure] of Object.entries(measures)) {
          const nearest = rim(target).map(([y, x]) =>
            Math.min(...rim(predicted).map(([v, u]) => measure(y - v, x - u))),
          );
          const got = boundaryDistances(target, predicted, { metric: metric as 'euclidean' }).targetToPredicted;
          expect(differences(got, nearest, 1e-12)).toEqual([]);
        }
      }),
    );
  });
  it('scale with the pixel', () => {
    const one = createMask([1, 0, 0, 0, 0, 0, 0, 0], [2, 4]);
    const other = createMask([0, 0, 0, 0, 0, 0, 0, 1], [2, 4]);
    const calibration = { pixelSize: { row: 3, column: 2 }, unit: 'nm' } as const;
    const distances = boundaryDistances(one, other, { calibration });
    expect(distances.unit).toBe('nm');
    expect(hausdorffDistance(distances)).toBeCloseTo(Math.hypot(3, 6), 12);
  });
});

describe('metrics of objects', () => {
  const renamed = (labels: Labels, shift: number): Labels =>
    createLabels(
      labels.data.map((id) => (id === 0 ? 0 : ((id + shift) % 7) * 11 + 3)),
      labels.shape,
    );

  it('lie in their bounds, and do not depend on ids or flips', () => {
    fc.assert(
      fc.property(labelPairs, fc.integer({ min: 0, max: 6 }), ({ target, predicted }, shift) => {
        const numbers = (t: Labels, p: Labels): number[] => [
          ...[0.1, 0.3, 0.5, 0.8].flatMap((threshold) =>
            Object.values(instanceScores(instanceCounts(t, p, { threshold }))),
          ),
          aggregatedJaccardIndex(t, p),
          aggregatedJaccardIndex(t, p, { plus: true }),
          averageInstancePrecision(t, p),
          adaptedRand(t, p).precision,
          adaptedRand(t, p).recall,
        ];
        const values = numbers(target, predicted);
        expect(values.every(isShare)).toBe(true);
        const flipped = numbers(target.step(1, -1), predicted.step(1, -1));
        expect(differences(flipped, values, 1e-12)).toEqual([]);
        // AJI without an assignment takes the first of equal candidates, which depends on ids.
        const others = numbers(renamed(target, shift), renamed(predicted, shift));
        const plain = 4 * 7;
        expect(
          differences(
            others.filter((_, i) => i !== plain && i !== plain + 1),
            values.filter((_, i) => i !== plain && i !== plain + 1),
            1e-12,
          ),
        ).toEqual([]);
      }),
    );
  });
  it('are perfect for equal labels, and symmetric', () => {
    fc.assert(
      fc.property(labelPairs, ({ target, predicted }) => {
        const self = instanceCounts(target, target);
        expect(self.falsePositives + self.falseNegatives).toBe(0);
        expect(self.iouSum).toBe(self.truePositives);
        const [there, back] = [instanceCounts(target, predicted), instanceCounts(predicted, target)];
        expect([there.truePositives, there.falsePositives]).toEqual([back.truePositives, back.falseNegatives]);
        expect(same(there.iouSum, back.iouSum)).toBe(true);
        const information = variationOfInformation(target, predicted);
        const swapped = variationOfInformation(predicted, target);
        expect(same(information.merges, swapped.splits)).toBe(true);
        const sum = addInstanceCounts(there, self);
        expect(sum.truePositives).toBe(there.truePositives + self.truePositives);
      }),
    );
  });
  it('match as many pairs as any choice could, with the largest sum', () => {
    fc.assert(
      fc.property(labelPairs, fc.constantFrom(0.05, 0.2, 0.4), ({ target, predicted }, threshold) => {
        const { matches, missed, extra } = matchInstances(target, predicted, { threshold });
        const ids = (labels: Labels): number[] => [...new Set(labels.data)].filter((id) => id !== 0);
        const overlap = (t: number, p: number): number => {
          let [both, either] = [0, 0];
          target.data.forEach((id, i) => {
            if (id === t && predicted.data[i] === p) both++;
            if (id === t || predicted.data[i] === p) either++;
          });
          return both / either;
        };
        const search = (rest: number[], free: number[]): [number, number] => {
          const [first, ...others] = rest;
          if (first === undefined) return [0, 0];
          let best = search(others, free);
          for (const p of free) {
            const share = overlap(first, p);
            if (share < threshold) continue;
            const [count, sum] = search(
              others,
              free.filter((id) => id !== p),
            );
            if (count + 1 > best[0] || (count + 1 === best[0] && sum + share > best[1]))
              best = [count + 1, sum + share];
          }
          return best;
        };
        const [count, sum] = search(ids(target), ids(predicted));
        expect(matches).toHaveLength(count);
        expect(matches.reduce((total, { iou }) => total + iou, 0)).toBeCloseTo(sum, 10);
        expect(missed.length + matches.length).toBe(ids(target).length);
        expect(extra.length + matches.length).toBe(ids(predicted).length);
      }),
      { numRuns: 60 },
    );
  });
  it('sizes: 4 against 3 pixels of 2 nm are 2 * sqrt(4 * 4 / pi) and 2 * sqrt(3 * 4 / pi)', () => {
    const target = createLabels([1, 1, 1, 1, 0], [1, 5]);
    const predicted = createLabels([5, 5, 5, 0, 0], [1, 5]);
    const errors = sizeErrors(target, predicted, { calibration: { pixelSize: 2, unit: 'nm' } });
    expect(errors.pairs[0]!.targetDiameter).toBeCloseTo(2 * Math.sqrt(16 / Math.PI), 12);
    expect(errors.bias).toBeCloseTo(2 * Math.sqrt(12 / Math.PI) - 2 * Math.sqrt(16 / Math.PI), 12);
    expect(errors.meanAbsolute).toBe(-errors.bias);
    expect(sizeErrors(target, createLabels(undefined, [1, 5])).bias).toBeNaN();
  });
});

describe('bootstrapInterval', () => {
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

  it('holds the estimate, repeats with the seed, and narrows with the confidence', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 30 }),
        fc.nat(1000),
        (list, seed) => {
          const wide = bootstrapInterval(list, mean, { seed, resamples: 200 });
          const narrow = bootstrapInterval(list, mean, { seed, resamples: 200, confidence: 0.5 });
          expect(bootstrapInterval(list, mean, { seed, resamples: 200 })).toEqual(wide);
          expect(wide.low <= narrow.low && narrow.high <= wide.high).toBe(true);
          expect(wide.low).toBeGreaterThanOrEqual(Math.min(...list) - 1e-9);
          expect(wide.high).toBeLessThanOrEqual(Math.max(...list) + 1e-9);
        },
      ),
      { numRuns: 30 },
    );
  });
  it('has the standard error sd / sqrt(n) of a mean', () => {
    const list = Array.from({ length: 100 }, (_, i) => i % 10);
    const { standardError } = bootstrapInterval(list, mean, { resamples: 4000, seed: 3 });
    expect(standardError).toBeGreaterThan(0.95 * (Math.sqrt(8.25) / 10));
    expect(standardError).toBeLessThan(1.05 * (Math.sqrt(8.25) / 10));
  });
  it('refuses one image and bad options', () => {
    expect(() => bootstrapInterval([1], mean)).toThrow('images must be an array of at least 2');
    expect(() => bootstrapInterval([1, 2], mean, { confidence: 1 })).toThrow('confidence must be a finite number');
    expect(() => bootstrapInterval([1, 2], mean, { resamples: 3 })).toThrow('resamples must be an integer at least 10');
  });
});

describe('bad input', () => {
  const target = Uint8Array.of(0, 1);
  it.each<[string, () => unknown, string]>([
    [
      'an empty target',
      () => confusionMatrix(new Uint8Array(0), new Uint8Array(0), { classes: 2 }),
      'target must not be empty',
    ],
    [
      'scores of NaN',
      () => averagePrecision(target, Float32Array.of(0.5, Number.NaN)),
      'scores must be numbers, got NaN at [1].',
    ],
    [
      'a target of 2',
      () => rocAuc(Uint8Array.of(0, 2), Float32Array.of(0, 1)),
      'target must hold 0 and 1, got 2 at [1].',
    ],
    [
      'fewer scores',
      () => brierScore(target, Float32Array.of(1)),
      'scores must have the shape of target, [2], got [1].',
    ],
    [
      'weights of 0',
      () => confusionMatrix(target, target, { classes: 2, weights: new Float32Array(2) }),
      'weights must hold one above 0',
    ],
    [
      'negative weights',
      () => confusionMatrix(target, target, { classes: 2, weights: Float32Array.of(1, -1) }),
      'got -1 at [1].',
    ],
    [
      'an id of 2',
      () => confusionMatrix(Int32Array.of(0, 2), Int32Array.of(0, 0), { classes: 2 }),
      'target must hold class ids in 0..1, got 2 at [1].',
    ],
    [
      'ignoreIndex in range',
      () => multilabelCounts(target, target, { classes: 1, ignoreIndex: 1 }),
      'ignoreIndex must lie outside',
    ],
    [
      'falling thresholds',
      () => thresholdSweep(target, Float32Array.of(0, 1), { thresholds: [0.5, 0.5] }),
      'thresholds[1] must be a finite number above 0.5',
    ],
    [
      'probabilities above 1',
      () => calibrationBins(target, Float32Array.of(0, 2)),
      'scores must be probabilities in 0..1, got 2 at [1].',
    ],
    [
      'negative ids',
      () => matchInstances(createLabels([-1], [1, 1]), createLabels([1], [1, 1])),
      'target must hold ids of 0 or more',
    ],
    [
      'a threshold of 0',
      () => matchInstances(createLabels([1], [1, 1]), createLabels([1], [1, 1]), { threshold: 0 }),
      'threshold must be a finite number above 0',
    ],
    [
      'weights without a weighted mean',
      () => averageMetric(iou, [{ classes: 1, counts: new Float64Array(1) }], { weights: [1] }),
      'weights must be used with a reduction',
    ],
    [
      'too few class weights',
      () => averageMetric(iou, [{ classes: 2, counts: new Float64Array(4) }], { reduction: 'weighted', weights: [1] }),
      'weights must have one number a class, 2',
    ],
    ['no image', () => averageMetric(iou, []), 'images must be an array of at least one matrix'],
    [
      'calibrated city blocks',
      () =>
        boundaryDistances(createMask([1], [1, 1]), createMask([1], [1, 1]), {
          metric: 'taxicab',
          calibration: { pixelSize: 1, unit: 'nm' },
        }),
      'calibration must not be given with metric',
    ],
    [
      'a negative tolerance',
      () => surfaceDice(boundaryDistances(createMask([1], [1, 1]), createMask([1], [1, 1])), { tolerance: -1 }),
      'tolerance must be a finite number at least 0',
    ],
    [
      'names that do not fit',
      () => classTable({ classes: 2, counts: new Float64Array(4) }, ['a']),
      'names must be 2 strings',
    ],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});
