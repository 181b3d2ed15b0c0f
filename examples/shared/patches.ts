import {
  centerCrop,
  compose,
  flip,
  gaussianBlur,
  gaussNoise,
  type Pipeline,
  padToDivisor,
  randomBrightnessContrast,
  randomCrop,
  rotate90,
  shiftScaleRotate,
  type Transform,
} from 'segkit/augment';
import { Random, type Sample } from 'segkit/core';
import type { SampleSource } from 'segkit/training';

/** What patches are made like. */
export interface PatchOptions {
  /** Height and width. */
  readonly side: number;
  /** Longest side of all images; where there is room, patches are cut larger, turned, and cut again. */
  readonly longest: number;
  readonly seed: number;
}

/**
 * Random patches with geometry and grey values changed. For images that are normalised as a whole: normalising each
 * patch by itself would hide from the network how bright it is, which a prediction of the whole image knows.
 */
export function patches({ side, longest, seed }: PatchOptions): Pipeline {
  const room = Math.max(side, Math.min(Math.ceil(side * 1.5), longest));
  return compose(
    [
      growTo(room),
      randomCrop({ height: room, width: room }),
      shiftScaleRotate({ shiftLimit: 0, scaleLimit: 0.3, rotateLimit: 45, p: 0.7 }),
      centerCrop({ height: side, width: side }),
      flip({ p: 0.5 }),
      rotate90({ p: 0.5 }),
      // The unit is the standard deviation of the image.
      randomBrightnessContrast({ brightnessLimit: 0.2, contrastLimit: 0.2, p: 0.5 }),
      gaussNoise({ varianceRange: [25, 900], p: 0.5 }),
      gaussianBlur({ p: 0.3 }),
    ],
    { seed },
  );
}

/** Mirrors images that are smaller than a patch until they are not. */
function growTo(side: number): Transform {
  const pad = padToDivisor({ divisor: side });
  return (sample, random) =>
    sample.image.shape[0]! < side || sample.image.shape[1]! < side ? pad(sample, random) : sample;
}

/** The samples after `transform`, each made once and kept. */
export function prepared(source: SampleSource, transform: Transform): SampleSource {
  const made = new Map<number, Sample>();
  return {
    length: source.length,
    get: async (index) => {
      const sample = made.get(index) ?? transform(await source.get(index), new Random(0));
      made.set(index, sample);
      return sample;
    },
  };
}
