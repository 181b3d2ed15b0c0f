import { requireKnownOptions, requireNumber } from '../core/check.js';
import { pow } from '../core/math.js';
import type { PixelData } from '../core/types.js';
import { drawFrom, readRange } from './limits.js';
import { changeValues } from './samples.js';
import { sometimes } from './sometimes.js';
import type { Transform } from './types.js';
import { fullScale, quantize } from './values.js';

/** Options of {@link randomGamma}. */
export interface RandomGammaOptions {
  /** Range of the exponent in percent: 100 changes nothing, less brightens. @defaultValue [80, 120] */
  readonly gammaLimit?: readonly [low: number, high: number];
  /** Share of the samples that are changed. @defaultValue 0.5 */
  readonly p?: number;
}

/** Raises shares of full scale to a power; by a table for integers. */
function applyGamma(data: PixelData, gamma: number): PixelData {
  const values = new Float32Array(data.length);
  if (data instanceof Float32Array) {
    for (let i = 0; i < data.length; i++) {
      if (data[i]! < 0) throw new RangeError(`image must hold no values below 0 for randomGamma, got ${data[i]}.`);
      values[i] = pow(data[i]!, gamma);
    }
    return values;
  }
  const max = fullScale(data);
  const table = new Map<number, number>();
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    let raised = table.get(value);
    if (raised === undefined) {
      raised = max * pow(value / max, gamma);
      table.set(value, raised);
    }
    values[i] = raised;
  }
  return quantize(values, data);
}

/**
 * Returns a transform that raises the images of a share `p` of the samples, as shares of full scale (255, 65535, 1), to
 * a power drawn anew for each (Albumentations `RandomGamma`).
 *
 * @throws RangeError or TypeError for options out of range, and for float images with values below 0.
 *
 * @example
 * ```ts
 * const image = createImage(new Float32Array([0, 0.5, 1]), [1, 3]);
 * randomGamma({ p: 1, gammaLimit: [200, 200] })({ image }, new Random(1)).image.data; // Float32Array [0, 0.25, 1]
 * ```
 */
export function randomGamma(options: RandomGammaOptions = {}): Transform {
  requireKnownOptions('randomGamma', options, ['gammaLimit', 'p']);
  const limit = readRange('gammaLimit', options.gammaLimit ?? [80, 120], 0);
  requireNumber('gammaLimit[0]', limit[0], { above: 0 });
  return sometimes(options.p ?? 0.5, (sample, random) => {
    const gamma = drawFrom(random, limit) / 100;
    return changeValues(sample, ({ data }) => applyGamma(data, gamma));
  });
}
