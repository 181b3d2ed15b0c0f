import type { NdArray } from 'ndarray';
import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Image } from '../core/types.js';
import { sampleSpan, type WindowThresholdOptions, windowThresholds } from './windowThresholds.js';

/** Options of {@link sauvola}; `k` is 0.2 by default. */
export interface SauvolaOptions extends WindowThresholdOptions {
  /** Standard deviation at which the threshold is the mean. By default half the span of the sample type: 127.5, 32767.5, 1. */
  readonly r?: number;
}

/**
 * Returns a threshold a pixel, mean (1 + k (deviation / r - 1)) of the window around it (Sauvola and Pietikäinen 2000);
 * the foreground is `image > threshold`. Equal to scikit-image's `threshold_sauvola` within float32.
 *
 * @returns thresholds, `[height, width]`, in sample values.
 * @throws RangeError for an even window, several channels, or samples that are not finite.
 *
 * @example
 * ```ts
 * const flat = createImage(new Uint8Array(9).fill(100), [3, 3]);
 * sauvola(flat, { windowSize: 3 }).get(1, 1); // 80
 * ```
 */
export function sauvola(image: Image, options: SauvolaOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('sauvola', options, ['windowSize', 'k', 'r']);
  const { windowSize = 15, k = 0.2, r = sampleSpan(image) / 2 } = options;
  requireNumber('r', r, { above: 0 });
  return windowThresholds(image, windowSize, k, (mean, deviation) => mean * (1 + k * (deviation / r - 1)));
}
