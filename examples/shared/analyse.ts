import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Calibration, contiguous, createMask, type Image, type Labels, type Mask, type Sample } from 'segkit';
import type { Transform } from 'segkit/augment';
import { argmaxMask, predict } from 'segkit/inference';
import {
  addConfusionMatrices,
  type ConfusionMatrix,
  confusionMatrix,
  type MetricsSummary,
  summarizeMetrics,
} from 'segkit/metrics';
import { fillHoles, label, removeSmallObjects } from 'segkit/morphology';
import { progressBar } from 'segkit/node';
import { measureParticles, type Particle, type SizeSummary, summarizeSizes } from 'segkit/particles';

/** A foreground class of one image: what was found, and the truth. */
export interface ClassResult {
  readonly classIndex: number;
  readonly labels: Labels;
  readonly particles: readonly Particle[];
  readonly trueParticles: readonly Particle[];
}

/** What was found in one image. */
export interface ImageResult {
  readonly id: string;
  readonly image: Image;
  readonly truth: Mask;
  readonly mask: Mask;
  readonly classes: readonly ClassResult[];
}

/** What was found in all test images together. */
export interface Analysis {
  readonly images: readonly ImageResult[];
  readonly confusion: ConfusionMatrix;
  readonly metrics: MetricsSummary;
  /** Sizes of the particles of each foreground class, from class 1 on, by the same border rule as the truth. */
  readonly sizes: readonly { readonly measured: SizeSummary; readonly truth: SizeSummary }[];
  readonly calibration: Calibration;
}

export interface AnalyseOptions {
  readonly classes: number;
  readonly preprocess: Transform;
  readonly calibration: Calibration;
  /** Smaller objects of the prediction are noise. */
  readonly minSize: number;
  readonly signal: AbortSignal;
}

/** Predicts, cleans and measures images whose truth is known; particles that the border cuts are left out on both sides. */
export async function analyse(
  model: LayersModel,
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  count: number,
  options: AnalyseOptions,
): Promise<Analysis> {
  const { classes, preprocess, calibration, minSize, signal } = options;
  const images: ImageResult[] = [];
  let confusion: ConfusionMatrix | undefined;
  const bar = progressBar({ total: count, label: 'predict' });
  try {
    for await (const { image, mask: truth, labels, id = '' } of samples) {
      if (truth === undefined) throw new RangeError(`${id} has no mask to compare with`);
      const probability = await predict(model, image, { preprocess, mode: 'multiclass', signal });
      const mask = clean(argmaxMask(probability), classes, minSize);
      const matrix = confusionMatrix(truth, mask, { classes });
      confusion = confusion === undefined ? matrix : addConfusionMatrices(confusion, matrix);
      const found = Array.from({ length: classes - 1 }, (_, i) => {
        const classIndex = i + 1;
        const own = label(classMask(mask, classIndex));
        const trueLabels = labels ?? label(classMask(truth, classIndex));
        const measure = { calibration, excludeBorder: true };
        return {
          classIndex,
          labels: own,
          particles: measureParticles(own, measure),
          trueParticles: measureParticles(trueLabels, measure),
        };
      });
      images.push({ id, image, truth, mask, classes: found });
      bar.increment(id);
    }
  } finally {
    bar.stop();
  }
  const sizes = Array.from({ length: classes - 1 }, (_, i) => ({
    measured: summarizeSizes(images.flatMap((image) => image.classes[i]!.particles)),
    truth: summarizeSizes(images.flatMap((image) => image.classes[i]!.trueParticles)),
  }));
  return { images, confusion: confusion!, metrics: summarizeMetrics(confusion!), sizes, calibration };
}

/** Pixels of one class as 1, all others as 0. */
export function classMask(mask: Mask, classIndex: number): Mask {
  return createMask(
    contiguous(mask).data.map((value) => (value === classIndex ? 1 : 0)),
    mask.shape,
  );
}

/** Takes away specks and fills holes, class by class; what is taken away becomes background. */
export function clean(mask: Mask, classes: number, minSize: number): Mask {
  const result = createMask(undefined, mask.shape);
  const data = contiguous(mask).data;
  for (let classIndex = 1; classIndex < classes; classIndex++) {
    const kept = fillHoles(removeSmallObjects(classMask(mask, classIndex), { minSize }));
    kept.data.forEach((value, i) => {
      // A hole of one class may hold another one, which stays.
      if (value === 1 && (data[i] === classIndex || data[i] === 0)) result.data[i] = classIndex;
    });
  }
  return result;
}
