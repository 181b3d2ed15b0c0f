import {
  adjustedRandIndex,
  averageMetric,
  balancedAccuracy,
  type ClassCounts,
  type ClassMetric,
  classAccuracy,
  classCounts,
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
  iou,
  matthewsCorrelation,
  meanDice,
  meanF1,
  meanIou,
  meanPixelAccuracy,
  meanPrecision,
  meanRecall,
  multilabelCounts,
  mutualInformation,
  negativeLikelihoodRatio,
  negativePredictiveValue,
  normalizeConfusionMatrix,
  normalizedMutualInformation,
  pixelAccuracy,
  positiveLikelihoodRatio,
  precision,
  recall,
  specificity,
} from 'segkit/metrics';
import { describe, expect, it } from 'vitest';
import { differences } from '../morphology/golden.js';
import { allCases, arrayOf, casesOf, type GoldenCase, maskOf, numberOf } from './golden.js';

it('holds every case of the goldens', () => expect(allCases).toHaveLength(49));

const zero = { absent: 'zero' } as const;

describe('against scikit-learn', () => {
  it.each(casesOf('confusion-matrix metrics'))('%s', (_, c) => {
    const [target, predicted] = [maskOf(c.inputs.target), maskOf(c.inputs.pred)];
    const classes = c.params.num_classes as number;
    const cm = confusionMatrix(target, predicted, { classes, ignoreIndex: 255 });
    const average = (metric: ClassMetric, reduction: 'micro' | 'weighted' | 'macro'): number =>
      averageMetric(metric, [cm], { reduction, ...zero });
    const f2: ClassMetric = (counts) => fBeta(counts, { beta: 2 });
    const f05: ClassMetric = (counts) => fBeta(counts, { beta: 0.5 });
    const names = Object.entries({ precision, recall, f1, jaccard: iou, f2, f05 });
    const averages = names.flatMap(([name, metric]) =>
      (['macro', 'micro', 'weighted'] as const).map(
        (reduction) => [`${name}_${reduction}`, average(metric, reduction)] as [string, number],
      ),
    );
    const numbers: [string, number][] = [
      ...averages,
      ['pixel_accuracy', pixelAccuracy(cm)],
      ['accuracy', pixelAccuracy(cm)],
      ['hamming_loss', 1 - pixelAccuracy(cm)],
      ['mean_pixel_accuracy_nan', meanPixelAccuracy(cm)],
      ['mean_pixel_accuracy_zero', meanPixelAccuracy(cm, zero)],
      ['balanced_accuracy', meanRecall(cm)],
      ['miou_nan_ignored', meanIou(cm)],
      ['miou_zero', meanIou(cm, zero)],
      ['mean_dice_nan_ignored', meanDice(cm)],
      ['fwiou', frequencyWeightedIou(cm)],
      ['precision_macro', meanPrecision(cm, zero)],
      ['recall_macro', meanRecall(cm, zero)],
      ['f1_macro', meanF1(cm, zero)],
      ['cohen_kappa', cohenKappa(cm)],
      ['cohen_kappa_linear', cohenKappa(cm, { weights: 'linear' })],
      ['cohen_kappa_quadratic', cohenKappa(cm, { weights: 'quadratic' })],
      ['matthews_corrcoef', matthewsCorrelation(cm)],
      ['adjusted_rand', adjustedRandIndex(cm)],
      ['mutual_info', mutualInformation(cm)],
      ['normalized_mutual_info', normalizedMutualInformation(cm)],
    ];
    for (const [name, value] of numbers) {
      expect(differences([value], [numberOf(c.outputs[name])], c.tolerance), name).toEqual([]);
    }
    const filled = (values: Float64Array, absent: number) => values.map((v) => (Number.isNaN(v) ? absent : v));
    const support = classCounts(cm).truePositives.map((hits, k) => hits + classCounts(cm).falseNegatives[k]!);
    const arrays: [string, Float64Array][] = [
      ['confusion_matrix', cm.counts],
      ['per_class_accuracy', recall(cm)],
      ['per_class_iou', iou(cm)],
      ['per_class_dice', dice(cm)],
      ['jaccard_per_class', filled(iou(cm), 0)],
      ['support', support],
      ...[0, 1].flatMap((absent): [string, Float64Array][] => [
        [`precision_zd${absent}`, filled(precision(cm), absent)],
        [`recall_zd${absent}`, filled(recall(cm), absent)],
        [`f1_zd${absent}`, filled(f1(cm), absent)],
      ]),
    ];
    for (const [name, values] of arrays) {
      expect(differences(values, arrayOf(c.outputs[name]).data, c.tolerance), name).toEqual([]);
    }
    const tested = new Set([...numbers, ...arrays].map(([name]) => name));
    expect(Object.keys(c.outputs).filter((name) => !tested.has(name))).toEqual([]);
  });

  it.each(casesOf('confusion matrix with per-pixel weights'))('%s', (_, c) => {
    const weights = arrayOf(c.inputs.weight).data;
    const options = { classes: c.params.num_classes as number, weights };
    const cm = confusionMatrix(arrayOf(c.inputs.target).data, arrayOf(c.inputs.pred).data, options);
    expect(differences(cm.counts, arrayOf(c.outputs.confusion_matrix).data, c.tolerance)).toEqual([]);
    expect(cohenKappa(cm)).toBeCloseTo(numberOf(c.outputs.cohen_kappa), 12);
    expect(matthewsCorrelation(cm)).toBeCloseTo(numberOf(c.outputs.matthews_corrcoef), 12);
  });

  it.each(casesOf('normalised confusion matrix'))('%s', (_, c) => {
    const cm = confusionMatrix(maskOf(c.inputs.target), maskOf(c.inputs.pred), {
      classes: c.params.num_classes as number,
    });
    const over = { true: 'true', pred: 'predicted', all: 'all' } as const;
    const shares = normalizeConfusionMatrix(cm, over[c.params.normalize as keyof typeof over]);
    expect(differences(shares, arrayOf(c.outputs.confusion_matrix).data, c.tolerance)).toEqual([]);
  });
});

/** The counts of every image of SMP's batch, `[images, classes]`, from its tensors. */
function countsOfImages(c: GoldenCase): ClassCounts[] {
  const { mode, num_classes, threshold } = c.params as { mode: string; num_classes?: number; threshold?: number };
  const target = arrayOf(c.inputs.target);
  const output = arrayOf(c.inputs.output);
  const images = target.shape[0]!;
  return Array.from({ length: images }, (_, image) => {
    if (mode === 'multiclass') {
      const [truth, guess] = [maskOf(c.inputs.target, image), maskOf(c.inputs.output, image)];
      return classCounts(confusionMatrix(truth, guess, { classes: num_classes!, ignoreIndex: 255 }));
    }
    // SMP has classes first; ours come last.
    const classes = target.shape[1]!;
    const size = target.data.length / images / classes;
    const last = (data: ArrayLike<number>): Float64Array =>
      Float64Array.from(
        { length: size * classes },
        (_, i) => data[(image * classes + (i % classes)) * size + Math.floor(i / classes)]!,
      );
    const options = threshold === undefined ? { classes } : { classes, threshold };
    return multilabelCounts(last(target.data), last(output.data), options);
  });
}

describe('against segmentation_models.pytorch', () => {
  const metrics: Record<string, ClassMetric> = {
    iou_score: iou,
    f1_score: f1,
    fbeta_score: (counts) => fBeta(counts, { beta: 2 }),
    accuracy: classAccuracy,
    precision,
    recall,
    specificity,
    balanced_accuracy: balancedAccuracy,
    negative_predictive_value: negativePredictiveValue,
    false_negative_rate: falseNegativeRate,
    false_positive_rate: falsePositiveRate,
    false_discovery_rate: falseDiscoveryRate,
    false_omission_rate: falseOmissionRate,
    positive_likelihood_ratio: positiveLikelihoodRatio,
    negative_likelihood_ratio: negativeLikelihoodRatio,
  };
  const counts = { tp: 'truePositives', fp: 'falsePositives', fn: 'falseNegatives', tn: 'trueNegatives' } as const;

  it.each(casesOf('smp.metrics'))('%s', (_, c) => {
    const images = countsOfImages(c);
    const weights = c.params.class_weights as number[];
    for (const [key, packed] of Object.entries(c.outputs)) {
      if (key in counts) {
        const all = images.flatMap((image) => [...image[counts[key as keyof typeof counts]]]);
        expect(differences(all, arrayOf(packed).data), key).toEqual([]);
        continue;
      }
      const [name, reduction, division] = key.split('|') as [string, string, 'zd0' | 'zd1'];
      const absent = division === 'zd1' ? 'one' : 'zero';
      const metric = metrics[name]!;
      if (reduction === 'none') {
        const all = images.flatMap((image) => [...metric(image)]);
        const filled = all.map((value) => (Number.isNaN(value) ? Number(division[2]) : value));
        expect(differences(filled, arrayOf(packed).data, c.tolerance), key).toEqual([]);
        continue;
      }
      const value = averageMetric(metric, images, {
        reduction: reduction as 'micro',
        // SMP does not apply zero_division to micro.
        absent: reduction === 'micro' ? 'skip' : absent,
        ...(reduction.startsWith('weighted') ? { weights } : {}),
        ...(reduction === 'weighted-imagewise' ? { smp: true } : {}),
      });
      expect(differences([value], [numberOf(packed)], c.tolerance), key).toEqual([]);
    }
  });
});

describe('against MONAI', () => {
  it.each(casesOf('monai compute_iou'))('%s', (_, c) => {
    const classes = c.params.num_classes as number;
    const images = Array.from({ length: arrayOf(c.inputs.pred).shape[0]! }, (_, image) =>
      classCounts(confusionMatrix(maskOf(c.inputs.target, image), maskOf(c.inputs.pred, image), { classes })),
    );
    // MONAI gives NaN where the target lacks the class, whatever was predicted.
    const all = (metric: ClassMetric): number[] =>
      images.flatMap((image) =>
        [...metric(image)].map((value, k) =>
          image.truePositives[k]! + image.falseNegatives[k]! === 0 ? Number.NaN : value,
        ),
      );
    expect(differences(all(iou), arrayOf(c.outputs.iou).data, c.tolerance)).toEqual([]);
    expect(differences(all(dice), arrayOf(c.outputs.dice).data, c.tolerance)).toEqual([]);
    const counted = (metric: ClassMetric): number[] =>
      images.flatMap((image) => [...metric(image)].map((value) => (Number.isNaN(value) ? 1 : value)));
    expect(differences(counted(iou), arrayOf(c.outputs.iou_count_empty).data, c.tolerance)).toEqual([]);
    expect(differences(counted(dice), arrayOf(c.outputs.dice_count_empty).data, c.tolerance)).toEqual([]);
    const foreground = all(iou).filter((_, i) => i % classes !== 0);
    expect(differences(foreground, arrayOf(c.outputs.iou_nobg).data, c.tolerance)).toEqual([]);
    const square = images.map((image) => generalizedDice(image));
    const simple = images.map((image) => generalizedDice(image, { sizeWeights: 'simple' }));
    expect(differences(square, arrayOf(c.outputs.generalized_dice).data, c.tolerance)).toEqual([]);
    expect(differences(simple, arrayOf(c.outputs.generalized_dice_simple).data, c.tolerance)).toEqual([]);
  });
});
