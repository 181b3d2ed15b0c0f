import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  requireInteger,
  requireKnownOptions,
  requireLengthUnit,
  requireNumber,
  requireOneOf,
  rowAndColumn,
  show,
} from '../core/check.js';
import type { Calibration } from '../core/types.js';
import { guardOf } from './guardOf.js';

/** How images are normalised before a network sees them: the options of `normalize` of `segkit/augment`. */
export interface ModelNormalization {
  /** Mean of each channel, in shares of `maxPixelValue`; one number serves all. */
  readonly mean?: number | readonly number[];
  /** Standard deviation of each channel, likewise. */
  readonly std?: number | readonly number[];
  /** The value that counts as 1. */
  readonly maxPixelValue?: number;
  /** Whether the given mean and deviation count, or those, or the extremes, of each image. */
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

/** What a network is and what goes with it. */
export interface ModelInfo extends ModelNotes {
  /** The function that built it and its options; an encoder stands as its name. */
  readonly architecture: {
    /** Name of the function. */
    readonly builder: string;
    /** What it was called with, plain data. */
    readonly options: Readonly<Record<string, unknown>>;
  };
}

/**
 * Returns what a network is and what goes with it; undefined for networks that segkit did not build.
 *
 * @example
 * ```ts
 * const model = separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 4, levels: 2 });
 * modelInfo(model)?.architecture.builder; // 'separableUnet'
 * model.dispose();
 * ```
 */
export function modelInfo(model: LayersModel): ModelInfo | undefined {
  const record = guardOf(model)?.record;
  return record === undefined ? undefined : (JSON.parse(record) as ModelInfo);
}

/**
 * Notes what goes with a network: how its images are normalised, what its classes are called, the size of a pixel.
 * `saveModel` writes it. What is not given stays as it was.
 *
 * @throws RangeError or TypeError for values out of range, and for networks that segkit did not build.
 *
 * @example
 * ```ts
 * const model = separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 4, levels: 2 });
 * annotateModel(model, { normalization: { normalization: 'image' }, classNames: ['support', 'particle'] });
 * modelInfo(model)?.classNames; // ['support', 'particle']
 * model.dispose();
 * ```
 */
export function annotateModel(model: LayersModel, notes: ModelNotes): void {
  const guard = guardOf(model);
  const info = modelInfo(model);
  if (guard === undefined || info === undefined) throw new RangeError('model must be built by segkit.');
  requireNotes(notes, info);
  guard.record = JSON.stringify({ ...info, ...notes });
}

/** Throws unless `notes` fit a network. */
export function requireNotes(notes: ModelNotes, { architecture }: Pick<ModelInfo, 'architecture'>): void {
  requireKnownOptions('the notes of a model', notes, ['normalization', 'classNames', 'calibration']);
  const { normalization, classNames, calibration } = notes;
  if (normalization !== undefined) requireNormalization(normalization);
  if (classNames !== undefined) {
    const { classes } = architecture.options;
    const count = typeof classes === 'number' ? Math.max(classes, 2) : undefined;
    const texts = Array.isArray(classNames) && classNames.every((name) => typeof name === 'string' && name !== '');
    if (!texts || (count !== undefined && classNames.length !== count)) {
      throw new RangeError(`classNames must hold ${count ?? 'its'} names, background first, got ${show(classNames)}.`);
    }
  }
  if (calibration !== undefined) {
    requireKnownOptions('calibration', calibration, ['pixelSize', 'unit']);
    rowAndColumn('calibration.pixelSize', calibration.pixelSize, { above: 0 });
    requireLengthUnit('calibration.unit', calibration.unit);
  }
}

function requireNormalization(value: ModelNormalization): void {
  requireKnownOptions('normalization', value, ['mean', 'std', 'maxPixelValue', 'normalization']);
  const { mean, std, maxPixelValue, normalization = 'standard' } = value;
  const ways = ['standard', 'image', 'imagePerChannel', 'minMax', 'minMaxPerChannel'];
  requireOneOf('normalization.normalization', normalization, ways);
  if (maxPixelValue !== undefined) requireNumber('normalization.maxPixelValue', maxPixelValue, { above: 0 });
  const requireAll = (name: string, numbers: number | readonly number[] | undefined, bounds: { above?: number }) => {
    if (Array.isArray(numbers)) requireInteger(`the length of ${name}`, numbers.length, { min: 1 });
    for (const number of Array.isArray(numbers) ? numbers : [numbers ?? 1]) requireNumber(name, number, bounds);
  };
  requireAll('normalization.mean', mean, {});
  requireAll('normalization.std', std, { above: 0 });
}
