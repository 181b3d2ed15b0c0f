import { requireKnownOptions, requireNumber } from '../core/check.js';
import { drawFrom, readRange } from './limits.js';
import { normalNoise } from './normalNoise.js';
import { changeValues } from './samples.js';
import { sometimes } from './sometimes.js';
import type { Transform } from './types.js';
import { fullScale, quantize } from './values.js';

/** Options of {@link gaussNoise}. */
export interface GaussNoiseOptions {
  /** Range of the variance on a scale of 0 to 255. @defaultValue [10, 50] */
  readonly varianceRange?: readonly [low: number, high: number];
  /** Mean of the noise on a scale of 0 to 255. @defaultValue 0 */
  readonly mean?: number;
  /** Noise of its own for each channel, or the same for all. @defaultValue true */
  readonly perChannel?: boolean;
  /** Value of the image that 255 stands for. @defaultValue 255, 65535, or 1 for floats */
  readonly maxPixelValue?: number;
  /** Share of the samples that are changed. @defaultValue 0.5 */
  readonly p?: number;
}

/**
 * Returns a transform that adds normal noise to the images of a share `p` of the samples, its variance drawn anew for
 * each (Albumentations 1.3 `GaussNoise`, which truncates where this rounds). Integer images are rounded and saturate;
 * floats are not cut. The magnitudes hold on a scale of 0 to 255 for every sample type: a 16-bit image gets 257 times,
 * a float image 1/255 of them.
 *
 * @throws RangeError or TypeError for options out of range.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array(64).fill(100), [8, 8]);
 * const noisy = gaussNoise({ p: 1, varianceRange: [25, 25] })({ image }, new Random(1)).image;
 * noisy.data.some((value) => value !== 100); // true
 * ```
 */
export function gaussNoise(options: GaussNoiseOptions = {}): Transform {
  requireKnownOptions('gaussNoise', options, ['varianceRange', 'mean', 'perChannel', 'maxPixelValue', 'p']);
  const { mean = 0, perChannel = true, maxPixelValue, p = 0.5 } = options;
  const variances = readRange('varianceRange', options.varianceRange ?? [10, 50], 0);
  requireNumber('mean', mean);
  if (maxPixelValue !== undefined) requireNumber('maxPixelValue', maxPixelValue, { above: 0 });
  return sometimes(p, (sample, random) => {
    const deviation = Math.sqrt(drawFrom(random, variances));
    return changeValues(sample, ({ data, channels }) => {
      const scale = (maxPixelValue ?? fullScale(data)) / 255;
      const shared = perChannel ? 1 : channels;
      const noise = normalNoise(data.length / shared, random);
      const values = new Float32Array(data.length);
      const spread = deviation * scale;
      const shift = mean * scale;
      for (let i = 0, from = 0; i < data.length; from++) {
        const added = shift + spread * noise[from]!;
        for (let k = 0; k < shared; k++, i++) values[i] = data[i]! + added;
      }
      return quantize(values, data);
    });
  });
}
