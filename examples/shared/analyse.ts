import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  type Calibration,
  contiguous,
  createMask,
  type Image,
  type Labels,
  type Mask,
  Random,
  type Sample,
} from 'segkit';
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
import { classMask } from './classMask.js';
import { enlarge, shrink } from './scale.js';

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
  /** Scale at which the network works; results are at full size. */
  readonly scale: number;
  readonly signal: AbortSignal;
}

/** Predicts, cleans and measures images whose truth is known; particles that the border cuts are left out on both sides. */
export async function analyse(
  model: LayersModel,
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  count: number,
  options: AnalyseOptions,
): Promise<Analysis> {
  const { classes, preprocess, calibration, minSize, scale, signal } = options;
  const small = shrink(scale);
  const images: ImageResult[] = [];
  let confusion: ConfusionMatrix | undefined;
  const bar = progressBar({ total: count, label: 'predict' });
  try {
    for await (const { image, mask: truth, labels, id = '' } of samples) {
      if (truth === undefined) throw new RangeError(`${id} has no mask to compare with`);
      const shrunk = small({ image }, new Random(0)).image;
      const predicted = await predict(model, shrunk, { preprocess, mode: 'multiclass', ...tileOf(shrunk), signal });
      const probability = scale === 1 ? predicted : enlarge(predicted, image);
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

/** Large images are predicted in tiles, which bounds memory. */
function tileOf({ shape }: Image): { tile?: number } {
  return Math.max(shape[0]!, shape[1]!) > 1024 ? { tile: 512 } : {};
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
