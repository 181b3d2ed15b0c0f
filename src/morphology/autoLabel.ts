import type { NdArray } from 'ndarray';
import { createImage, createMask } from '../core/arrays.js';
import { requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import type { Image, Mask } from '../core/types.js';
import { disk } from './disk.js';
import { gaussian } from './gaussian.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { greyOpen } from './greyOpen.js';
import { extremes } from './histogram.js';
import { otsu } from './otsu.js';
import { dilateFromBorder, erodeFromBorder } from './reconstructFromBorder.js';
import { sobel } from './sobel.js';

/** Options of {@link autoLabel}. */
export interface AutoLabelOptions {
  /** Standard deviation of the Gaussian, in pixels. @defaultValue 2 */
  readonly sigma?: number;
  /** Whether the edges of the difference are added to it. @defaultValue true */
  readonly edges?: boolean;
  /** Radius of the disc of the opening, in pixels; 0 leaves it out. @defaultValue 5 */
  readonly openingRadius?: number;
  /** Whether particles are darker or brighter than what is around them; `'both'` finds either. @defaultValue 'both' */
  readonly polarity?: 'dark' | 'bright' | 'both';
  /** Whether the pictures of all steps are returned. @defaultValue false */
  readonly steps?: boolean;
}

/** The pictures of the steps of {@link autoLabel}, `[height, width]`. */
export interface AutoLabelSteps {
  /** The image smoothed and stretched to 0..1. */
  readonly smooth: NdArray<Float32Array>;
  /** The same with its bright peaks taken off: reconstruction by dilation from the border. */
  readonly withoutPeaks: NdArray<Float32Array>;
  /** That with its dark hollows filled: reconstruction by erosion from the border. */
  readonly background: NdArray<Float32Array>;
  /** How far the image is from its background, with its edges, 0..1. */
  readonly difference: NdArray<Float32Array>;
  /** The same without details smaller than the disc. */
  readonly opened: NdArray<Float32Array>;
}

/** What {@link autoLabel} finds. */
export interface AutoLabelResult {
  /** 1 on particles. */
  readonly mask: Mask;
  /** Otsu's threshold of the last picture, in 0..1. */
  readonly threshold: number;
  /** Where asked for, the pictures of the steps. */
  readonly steps?: AutoLabelSteps;
}

/**
 * Labels particles without a network, by the recipe of Horwath et al. 2020 (10.1038/s41524-020-00363-x): smooth; take the
 * background by reconstructions by dilation and erosion from the border; subtract; add edges; open; Otsu. Particles must
 * stand out from a background that reaches the border; those cut by the border count as background.
 *
 * @param image - one channel.
 * @throws RangeError for several channels, or samples that are not finite.
 *
 * @example
 * ```ts
 * const { image } = simulateMicrograph({ seed: 7, height: 64, width: 64 });
 * const { mask } = autoLabel(toGrey(image), { openingRadius: 2, steps: true });
 * mask.shape; // [64, 64]
 * ```
 */
export function autoLabel(image: Image, options: AutoLabelOptions = {}): AutoLabelResult {
  requireKnownOptions('autoLabel', options, ['sigma', 'edges', 'openingRadius', 'polarity', 'steps']);
  const { sigma = 2, edges = true, openingRadius = 5, polarity = 'both', steps = false } = options;
  const { data: samples, height, width } = greyImage('image', image);
  requireNumber('sigma', sigma, { min: 0 });
  requireNumber('openingRadius', openingRadius, { min: 0, max: 1000 });
  requireOneOf('polarity', polarity, ['dark', 'bright', 'both']);
  for (const [name, value] of Object.entries({ edges, steps })) {
    if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false, got ${show(value)}.`);
  }
  requireFiniteSamples('image', samples);
  const picture = (data: Float32Array) => createImage(data, [height, width]);
  const smooth = stretched(gaussian(image, { sigma }).data);
  const withoutPeaks = polarity === 'dark' ? smooth : dilateFromBorder(smooth, height, width);
  const background = polarity === 'bright' ? withoutPeaks : erodeFromBorder(withoutPeaks, height, width);
  const difference = new Float32Array(smooth.length);
  for (let i = 0; i < difference.length; i++) difference[i] = Math.abs(smooth[i]! - background[i]!);
  if (edges) {
    const slope = sobel(picture(difference)).data;
    for (let i = 0; i < difference.length; i++) difference[i]! += slope[i]!;
  }
  const shown = stretched(difference);
  const opened =
    openingRadius === 0 ? shown : stretched(greyOpen(picture(shown), { footprint: disk(openingRadius) }).data);
  const threshold = otsu(picture(opened));
  const mask = createMask(undefined, [height, width]);
  for (let i = 0; i < opened.length; i++) mask.data[i] = opened[i]! > threshold ? 1 : 0;
  return {
    mask,
    threshold,
    ...(steps
      ? {
          steps: {
            smooth: picture(smooth),
            withoutPeaks: picture(withoutPeaks),
            background: picture(background),
            difference: picture(shown),
            opened: picture(opened),
          },
        }
      : {}),
  };
}

/** Values stretched to 0..1; those of a constant picture become 0. */
function stretched(data: Float32Array): Float32Array {
  const [low, high] = extremes(data);
  const scale = high > low ? 1 / (high - low) : 0;
  const result = new Float32Array(data.length);
  for (let i = 0; i < result.length; i++) result[i] = (data[i]! - low) * scale;
  return result;
}
