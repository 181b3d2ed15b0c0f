import { resize, type Transform } from 'segkit/augment';
import { createProbabilityMap, type Image, type ProbabilityMap, pixels, Random } from 'segkit/core';
import { label } from 'segkit/morphology';
import { measureParticles } from 'segkit/particles';
import type { SampleSource } from 'segkit/training';
import { classMask } from './classMask.js';

/** What a typical object should measure for the network: large enough to keep its shape, small enough to be seen whole. */
const typicalDiameter = 24;
const smallestScale = 0.25;
/** Specks say nothing about the objects. */
const leastPixels = 12;

/**
 * The scale at which images are trained on and predicted: 1 where typical objects (the median of the class with the
 * smallest ones) measure 24 pixels or less, else what makes them so, down to 1/4. A network sees large objects whole
 * that way, and works faster.
 */
export async function workingScale(source: SampleSource, classes: number): Promise<number> {
  const diameters: number[][] = Array.from({ length: classes - 1 }, () => []);
  for (let index = 0; index < source.length; index++) {
    const { mask, labels } = await source.get(index);
    for (let classIndex = 1; classIndex < classes; classIndex++) {
      const regions = labels ?? (mask && label(classMask(mask, classIndex)));
      for (const { numPixels, equivalentDiameter } of regions ? measureParticles(regions) : []) {
        if (numPixels >= leastPixels) diameters[classIndex - 1]!.push(equivalentDiameter);
      }
    }
  }
  const medians = diameters
    .filter((list) => list.length > 0)
    .map((list) => list.sort((a, b) => a - b)[list.length >> 1]!);
  if (medians.length === 0) return 1;
  const scale = Math.max(smallestScale, typicalDiameter / Math.min(...medians));
  // A little shrinking costs sharpness and gains nothing.
  return scale > 0.8 ? 1 : scale;
}

/** Shrinks a sample; the image by averaging, the mask by the nearest pixel. */
export function shrink(scale: number): Transform {
  return (sample, random) => {
    if (scale === 1) return sample;
    const [height, width] = sample.image.shape as [number, number];
    const size = { height: Math.max(1, Math.round(height * scale)), width: Math.max(1, Math.round(width * scale)) };
    return resize({ ...size, interpolation: 'area', maskInterpolation: 'nearestExact' })(sample, random);
  };
}

/** Enlarges probabilities to the size of `image`, linearly. */
export function enlarge(probability: ProbabilityMap, image: Image): ProbabilityMap {
  const { height, width } = pixels(image);
  const { image: large } = resize({ height, width })({ image: probability }, new Random(0));
  return createProbabilityMap(Float32Array.from(pixels(large).data), large.shape);
}
