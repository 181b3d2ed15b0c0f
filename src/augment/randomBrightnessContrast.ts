import { requireKnownOptions } from '../core/check.js';
import { drawFrom, type Limit, readLimit } from './limits.js';
import { changeValues } from './samples.js';
import { sometimes } from './sometimes.js';
import type { Transform } from './types.js';
import { fullScale, quantize } from './values.js';

/** Options of {@link randomBrightnessContrast}; a limit of one number means plus or minus so much. */
export interface RandomBrightnessContrastOptions {
  /** What is added, as a share of full scale. @defaultValue 0.2 */
  readonly brightnessLimit?: Limit;
  /** Change of the factor: 0.2 is a factor of 0.8 to 1.2. @defaultValue 0.2 */
  readonly contrastLimit?: Limit;
  /** Take the brightness as a share of full scale (255, 65535, 1), or of the mean of the image after the factor. @defaultValue true */
  readonly brightnessByMax?: boolean;
  /** Share of the samples that are changed. @defaultValue 0.5 */
  readonly p?: number;
}

/**
 * Returns a transform that multiplies the images of a share `p` of the samples by a factor and adds a constant
 * (Albumentations `RandomBrightnessContrast`). Integer images are rounded and saturate; floats are not cut.
 *
 * @throws RangeError or TypeError for options out of range.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([100, 200]), [1, 2]);
 * const darker = randomBrightnessContrast({ p: 1, brightnessLimit: [-0.2, -0.2], contrastLimit: 0 });
 * darker({ image }, new Random(1)).image.data; // Uint8Array [49, 149]
 * ```
 */
export function randomBrightnessContrast(options: RandomBrightnessContrastOptions = {}): Transform {
  const names = ['brightnessLimit', 'contrastLimit', 'brightnessByMax', 'p'];
  requireKnownOptions('randomBrightnessContrast', options, names);
  const brightness = readLimit('brightnessLimit', options.brightnessLimit ?? 0.2);
  const contrast = readLimit('contrastLimit', options.contrastLimit ?? 0.2);
  const { brightnessByMax = true, p = 0.5 } = options;
  return sometimes(p, (sample, random) => {
    const factor = 1 + drawFrom(random, contrast);
    const share = drawFrom(random, brightness);
    return changeValues(sample, ({ data }) => {
      let base = fullScale(data);
      if (!brightnessByMax) {
        let sum = 0;
        for (let i = 0; i < data.length; i++) sum += data[i]!;
        base = (factor * sum) / data.length;
      }
      const values = new Float32Array(data.length);
      for (let i = 0; i < data.length; i++) values[i] = factor * data[i]! + share * base;
      return quantize(values, data);
    });
  });
}
