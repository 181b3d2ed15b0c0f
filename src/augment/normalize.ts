import { createImage, pixels } from '../core/arrays.js';
import { requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import type { PixelData } from '../core/types.js';
import { requireSample } from './samples.js';
import type { Transform } from './types.js';
import { fullScale } from './values.js';

/** Options of {@link normalize}. */
export interface NormalizeOptions {
  /** Mean of each channel, in shares of `maxPixelValue`; one number serves all. @defaultValue ImageNet's, for 3 channels */
  readonly mean?: number | readonly number[];
  /** Standard deviation of each channel, likewise. @defaultValue ImageNet's, for 3 channels */
  readonly std?: number | readonly number[];
  /** The value that counts as 1. @defaultValue 255, 65535, or 1 for floats */
  readonly maxPixelValue?: number;
  /**
   * `'standard'`: the given mean and deviation. `'image'`, `'imagePerChannel'`: those of each image. `'minMax'`,
   * `'minMaxPerChannel'`: its least value becomes 0, its greatest 1. @defaultValue 'standard'
   */
  readonly normalization?: 'standard' | 'image' | 'imagePerChannel' | 'minMax' | 'minMaxPerChannel';
}

/** What is subtracted and what the rest is multiplied by, for each channel. */
interface Shift {
  readonly offsets: Float64Array;
  readonly factors: Float64Array;
}

/**
 * Returns a transform that makes every image a float image of values around 0, as networks want them
 * (Albumentations `Normalize`): `(value - mean * maxPixelValue) / (std * maxPixelValue)`.
 *
 * The default mean and deviation are ImageNet's, (0.485, 0.456, 0.406) and (0.229, 0.224, 0.225), and need images of
 * three channels. `'image'` and `'minMax'` take each image by itself, all channels together or each alone; a constant
 * image becomes 0. These two belong in front of crops: normalised by itself, a patch no longer shows how bright it is in
 * its image, while a prediction normalises the image whole.
 *
 * @throws RangeError where the number of channels does not fit, for options out of range, and where `mean`, `std` or
 * `maxPixelValue` are given though unused.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([0, 255]), [1, 2]);
 * normalize({ mean: 0.5, std: 0.5 })({ image }, new Random(1)).image.data; // Float32Array [-1, 1]
 * normalize({ normalization: 'minMax' })({ image }, new Random(1)).image.data; // Float32Array [0, 1]
 * ```
 */
export function normalize(options: NormalizeOptions = {}): Transform {
  requireKnownOptions('normalize', options, ['mean', 'std', 'maxPixelValue', 'normalization']);
  const { maxPixelValue, normalization = 'standard' } = options;
  const ways = ['standard', 'image', 'imagePerChannel', 'minMax', 'minMaxPerChannel'] as const;
  requireOneOf('normalization', normalization, ways);
  if (maxPixelValue !== undefined) requireNumber('maxPixelValue', maxPixelValue, { above: 0 });
  if (normalization !== 'standard' && Object.keys(options).length > 1) {
    throw new RangeError(`normalization '${normalization}' takes no mean, std or maxPixelValue; leave them out.`);
  }
  const mean = readNumbers('mean', options.mean ?? [0.485, 0.456, 0.406]);
  const std = readNumbers('std', options.std ?? [0.229, 0.224, 0.225], 0);
  return (sample) => {
    requireSample(sample);
    const { data, channels } = pixels(sample.image);
    let shift: Shift;
    if (normalization === 'standard') {
      const max = maxPixelValue ?? fullScale(data);
      const means = forChannels('mean', mean, channels);
      const deviations = forChannels('std', std, channels);
      shift = { offsets: means.map((value) => value * max), factors: deviations.map((value) => 1 / (value * max)) };
    } else {
      shift = measure(data, channels, normalization.startsWith('image'), normalization.endsWith('PerChannel'));
    }
    const result = new Float32Array(data.length);
    for (let c = 0; c < channels; c++) {
      const offset = shift.offsets[c]!;
      const factor = shift.factors[c]!;
      for (let i = c; i < data.length; i += channels) result[i] = (data[i]! - offset) * factor;
    }
    return { ...sample, image: createImage(result, sample.image.shape) };
  };
}

function readNumbers(name: string, value: unknown, above?: number): readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new RangeError(`${name} must hold one number a channel, got none.`);
  return list.map((number, i) => {
    requireNumber(Array.isArray(value) ? `${name}[${i}]` : name, number, above === undefined ? {} : { above });
    return number;
  });
}

function forChannels(name: string, list: readonly number[], channels: number): Float64Array {
  if (list.length === 1) return new Float64Array(channels).fill(list[0]!);
  if (list.length === channels) return Float64Array.from(list);
  throw new RangeError(
    `${name} must have one number a channel of the image, ${channels}, got ${show(list)} (the default is that of ` +
      'ImageNet, for three channels); give one number, for example normalize({ mean: 0.5, std: 0.25 }), or let each ' +
      "image set its own by normalization: 'image'.",
  );
}

/** Offset and factor of an image itself, over all channels or each by itself. */
function measure(data: PixelData, channels: number, standard: boolean, perChannel: boolean): Shift {
  const offsets = new Float64Array(channels);
  const factors = new Float64Array(channels);
  const step = perChannel ? channels : 1;
  for (let c = 0; c < channels; c++) {
    if (c > 0 && !perChannel) {
      offsets[c] = offsets[0]!;
      factors[c] = factors[0]!;
      continue;
    }
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let i = c; i < data.length; i += step) {
      const value = data[i]!;
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
    if (!Number.isFinite(sum)) throw new RangeError('image must hold finite samples, got NaN or infinity.');
    const count = data.length / step;
    let squares = 0;
    if (standard)
      for (let i = c; i < data.length; i += step) squares += (data[i]! - sum / count) * (data[i]! - sum / count);
    const spread = standard ? Math.sqrt(squares / count) : high - low;
    // Of a constant image, nothing is left.
    offsets[c] = standard && high > low ? sum / count : low;
    factors[c] = high > low ? 1 / spread : 0;
  }
  return { offsets, factors };
}
