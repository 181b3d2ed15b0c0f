import type { NdArray } from 'ndarray';
import { requireKnownOptions } from '../core/check.js';
import type { Image } from '../core/types.js';
import { type WindowThresholdOptions, windowThresholds } from './windowThresholds.js';

/**
 * Returns a threshold a pixel, mean - k deviation of the window around it (Niblack 1986), by default with k = 0.2; the
 * foreground is `image > threshold`. Equal to scikit-image's `threshold_niblack` within float32.
 *
 * @returns thresholds, `[height, width]`, in sample values.
 * @throws RangeError for an even window, several channels, or samples that are not finite.
 *
 * @example
 * ```ts
 * const flat = createImage(new Uint8Array(9).fill(100), [3, 3]);
 * niblack(flat, { windowSize: 3 }).get(1, 1); // 100
 * ```
 */
export function niblack(image: Image, options: WindowThresholdOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('niblack', options, ['windowSize', 'k']);
  const { windowSize = 15, k = 0.2 } = options;
  return windowThresholds(image, windowSize, k, (mean, deviation) => mean - k * deviation);
}
