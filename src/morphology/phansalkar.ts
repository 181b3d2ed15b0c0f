import type { NdArray } from 'ndarray';
import { requireKnownOptions, requireNumber } from '../core/check.js';
import { exp } from '../core/math.js';
import type { Image } from '../core/types.js';
import { type WindowThresholdOptions, windowThresholds } from './windowThresholds.js';

/** Options of {@link phansalkar}; `k` is 0.25 by default. */
export interface PhansalkarOptions extends WindowThresholdOptions {
  /** Standard deviation, as a share of the span of values, at which the term of the deviation is 0. @defaultValue 0.5 */
  readonly r?: number;
  /** Weight of the term for dark windows. @defaultValue 2 */
  readonly p?: number;
  /** How fast that term falls with the mean. @defaultValue 10 */
  readonly q?: number;
}

/**
 * Returns a threshold a pixel for dark, low-contrast images, mean (1 + p exp(-q mean) + k (deviation / r - 1)) of the
 * window around it, with mean and deviation as shares of the span of values: 255, 65535, or 1 for floats (Phansalkar et
 * al. 2011, and Fiji's Auto Local Threshold, whose windows are discs). The foreground is `image > threshold`.
 *
 * @returns thresholds, `[height, width]`, in sample values.
 * @throws RangeError for an even window, several channels, or samples that are not finite.
 *
 * @example
 * ```ts
 * const flat = createImage(new Uint8Array(9).fill(255), [3, 3]);
 * phansalkar(flat, { windowSize: 3 }).get(1, 1); // 191.27
 * ```
 */
export function phansalkar(image: Image, options: PhansalkarOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('phansalkar', options, ['windowSize', 'k', 'r', 'p', 'q']);
  const { windowSize = 15, k = 0.25, r = 0.5, p = 2, q = 10 } = options;
  requireNumber('r', r, { above: 0 });
  requireNumber('p', p);
  requireNumber('q', q);
  const span = image.data instanceof Uint8Array ? 255 : image.data instanceof Uint16Array ? 65535 : 1;
  return windowThresholds(image, windowSize, k, (mean, deviation) => {
    const share = mean / span;
    return mean * (1 + p * exp(-q * share) + k * (deviation / span / r - 1));
  });
}
