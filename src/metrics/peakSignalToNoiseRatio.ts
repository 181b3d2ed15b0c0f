import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Image } from '../core/types.js';
import { meanSquaredError } from './meanSquaredError.js';

/** Options of the metrics that need to know the span of sample values. */
export interface DataRangeOptions {
  /** Largest less smallest possible sample: 255 for 8 bits, 1 for floats in 0..1. */
  readonly dataRange: number;
}

/**
 * Returns the peak signal-to-noise ratio of an image against a reference in decibels, 10 log10(range^2 / MSE); infinite
 * for equal images. Equal to scikit-image's `peak_signal_noise_ratio`.
 *
 * @throws RangeError or TypeError as {@link meanSquaredError}, or for a bad range.
 *
 * @example
 * ```ts
 * const one = createImage(new Float32Array([0, 0.5]), [1, 2]);
 * const other = createImage(new Float32Array([0.5, 0.5]), [1, 2]);
 * peakSignalToNoiseRatio(one, other, { dataRange: 1 }); // 9.0309
 * ```
 */
export function peakSignalToNoiseRatio(reference: Image, image: Image, options: DataRangeOptions): number {
  requireKnownOptions('peakSignalToNoiseRatio', options, ['dataRange']);
  requireNumber('dataRange', options.dataRange, { above: 0 });
  return 10 * Math.log10(options.dataRange ** 2 / meanSquaredError(reference, image));
}
