import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireNumber } from '../core/check.js';
import type { Image } from '../core/types.js';
import { boxMeans } from './boxMeans.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { requireWindow } from './localThreshold.js';

/** Options of the thresholds by mean and standard deviation of a window. */
export interface WindowThresholdOptions {
  /** Side of the square window in pixels, odd. @defaultValue 15 */
  readonly windowSize?: number;
  /** Weight of the standard deviation. */
  readonly k?: number;
}

/** The span of sample values: 255, 65535, and 2 (-1 to 1) for floats, as scikit-image has it. */
export function sampleSpan(image: Image): number {
  return image.data instanceof Uint8Array ? 255 : image.data instanceof Uint16Array ? 65535 : 2;
}

/** A threshold a pixel from the mean and the standard deviation of the window around it, mirrored at the border. */
export function windowThresholds(
  image: Image,
  windowSize: number,
  k: number,
  threshold: (mean: number, deviation: number) => number,
): NdArray<Float32Array> {
  const { data, height, width } = greyImage('image', image);
  requireWindow('windowSize', windowSize);
  requireNumber('k', k);
  requireFiniteSamples('image', data);
  const { means, variances } = boxMeans(data, height, width, windowSize, 'mirror', true);
  const result = new Float32Array(data.length);
  for (let i = 0; i < result.length; i++) result[i] = threshold(means[i]!, Math.sqrt(variances[i]!));
  return createImage(result, [height, width]);
}
