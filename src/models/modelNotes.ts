import {
  requireKnownOptions,
  requireLengthUnit,
  requireNumber,
  requireOneOf,
  rowAndColumn,
  show,
} from '../core/check.js';
import type { Calibration } from '../core/types.js';

/** How images are normalised before a network sees them: the options of `normalize` of `segkit/augment`. */
export interface ModelNormalization {
  /** Mean of each channel, in shares of `maxPixelValue`; one number serves all. @defaultValue ImageNet's, for 3 channels */
  readonly mean?: number | readonly number[];
  /** Standard deviation of each channel, likewise. @defaultValue ImageNet's, for 3 channels */
  readonly std?: number | readonly number[];
  /** The value that counts as 1. @defaultValue 255, 65535, or 1 for floats */
  readonly maxPixelValue?: number;
  /**
   * Whether the given mean and deviation count, or those, or the extremes, of each image. @defaultValue 'standard'
   */
  readonly normalization?: 'standard' | 'image' | 'imagePerChannel' | 'minMax' | 'minMaxPerChannel';
}

/** What goes with a network. */
export interface ModelNotes {
  /** How its images are normalised. */
  readonly normalization?: ModelNormalization;
  /** What its classes are called, background first; one name for every class of a mask. */
  readonly classNames?: readonly string[];
  /** The size of a pixel that it was trained at. */
  readonly calibration?: Calibration;
}

/** What notes have to fit. */
export interface NotedNetwork {
  /** Channels of its images. */
  readonly channels: number;
  /** Channels of its logits. */
  readonly classes: number;
}

/** Throws unless `notes` fit a network. */
export function requireNotes(notes: ModelNotes, { channels, classes }: NotedNetwork): void {
  requireKnownOptions('the notes of a model', notes, ['normalization', 'classNames', 'calibration']);
  const { normalization, classNames, calibration } = notes;
  if (normalization !== undefined) requireNormalization(normalization, channels);
  if (classNames !== undefined) {
    const count = Math.max(classes, 2);
    const texts = Array.isArray(classNames) && classNames.every((name) => typeof name === 'string' && name !== '');
    if (!texts || classNames.length !== count) {
      throw new RangeError(`classNames must hold ${count} names, background first, got ${show(classNames)}.`);
    }
  }
  if (calibration !== undefined) {
    requireKnownOptions('calibration', calibration, ['pixelSize', 'unit']);
    rowAndColumn('calibration.pixelSize', calibration.pixelSize, { above: 0 });
    requireLengthUnit('calibration.unit', calibration.unit);
  }
}

function requireNormalization(value: ModelNormalization, channels: number): void {
  requireKnownOptions('normalization', value, ['mean', 'std', 'maxPixelValue', 'normalization']);
  const { mean, std, maxPixelValue, normalization = 'standard' } = value;
  const ways = ['standard', 'image', 'imagePerChannel', 'minMax', 'minMaxPerChannel'];
  requireOneOf('normalization.normalization', normalization, ways);
  if (maxPixelValue !== undefined) requireNumber('normalization.maxPixelValue', maxPixelValue, { above: 0 });
  const numbers = { mean, std, maxPixelValue };
  if (normalization !== 'standard') {
    for (const [key, given] of Object.entries(numbers)) {
      if (given !== undefined) {
        throw new RangeError(`normalization.${key} must be left out for '${normalization}', got ${show(given)}.`);
      }
    }
    return;
  }
  for (const key of ['mean', 'std'] as const) {
    const given = numbers[key];
    const name = `normalization.${key}`;
    if (Array.isArray(given) && given.length !== channels) {
      throw new RangeError(`${name} must have one number, or one a channel, ${channels}, got ${show(given)}.`);
    }
    for (const number of Array.isArray(given) ? given : [given ?? 1]) {
      requireNumber(name, number, key === 'std' ? { above: 0 } : {});
    }
  }
  if ((mean === undefined || std === undefined) && channels !== 3) {
    throw new RangeError(
      `normalization must have mean and std for images of ${channels} channel(s): the default is that of ImageNet, ` +
        `for 3; got ${show(value)}.`,
    );
  }
}
