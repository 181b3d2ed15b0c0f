import { requireInteger, requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import type { LossMode, LossOptions } from './loss.js';
import { requireWeights } from './requireWeights.js';

/** The options that all losses share, checked, with their defaults. */
export interface LossSettings {
  readonly mode: LossMode;
  readonly fromLogits: boolean;
  readonly ignoreIndex: number | undefined;
  readonly classes: readonly number[] | undefined;
  readonly classWeights: readonly number[] | undefined;
  readonly reduction: 'mean' | 'sum' | 'none';
}

const SHARED = ['mode', 'fromLogits', 'ignoreIndex', 'classes', 'classWeights', 'reduction'];

/** Throws unless `value` is true or false. */
export function requireBoolean(name: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false, got ${show(value)}.`);
}

/** Throws unless `smooth` is a share in 0..1. */
export function requireShare(name: string, value: unknown): asserts value is number {
  requireNumber(name, value, { min: 0, max: 1 });
}

/** Reads the shared options of the loss `name`; `more` are the names of its own. */
export function lossSettings(
  name: string,
  options: Partial<LossOptions>,
  more: readonly string[],
  modes: readonly LossMode[] = ['binary', 'multiclass', 'multilabel'],
): LossSettings {
  requireKnownOptions(name, options, [...SHARED, ...more]);
  const { mode = modes[0]!, fromLogits = true, ignoreIndex, classes, classWeights, reduction = 'mean' } = options;
  if (modes.length === 3) requireOneOf('mode', options.mode, modes);
  requireOneOf('mode', mode, modes);
  requireBoolean('fromLogits', fromLogits);
  requireOneOf('reduction', reduction, ['mean', 'sum', 'none']);
  if (ignoreIndex !== undefined) {
    requireInteger('ignoreIndex', ignoreIndex, { min: -2147483648, max: 2147483647 });
    if (mode !== 'multiclass' && (ignoreIndex === 0 || ignoreIndex === 1)) {
      throw new RangeError(`ignoreIndex must lie outside the values 0 and 1 of a ${mode} target, got ${ignoreIndex}.`);
    }
  }
  for (const [option, value] of Object.entries({ classes, classWeights })) {
    if (value !== undefined && mode === 'binary') throw new RangeError(`${option} must not be given in mode 'binary'.`);
  }
  if (classes !== undefined) {
    if (!Array.isArray(classes)) throw new TypeError(`classes must be an array of indices, got ${show(classes)}.`);
    if (classes.length === 0) throw new RangeError('classes must hold at least one class, got none.');
    for (const index of classes) requireInteger('classes', index, { min: 0 });
    if (new Set(classes).size < classes.length) {
      throw new RangeError(`classes must hold every class once, got ${show(classes)}.`);
    }
  }
  if (classWeights !== undefined) requireWeights('classWeights', classWeights);
  return { mode, fromLogits, ignoreIndex, classes, classWeights, reduction };
}

/**
 * The weight of every class: that of `classWeights`, or 1; 0 for a class that is not among `classes`.
 *
 * @throws RangeError where a list does not fit the classes of the logits, or no class is left.
 */
export function weightsOfClasses({ classes, classWeights }: LossSettings, count: number): number[] {
  requireOnePerClass('classWeights', classWeights, count);
  const weights = new Array<number>(count).fill(classes === undefined ? 1 : 0);
  for (const index of classes ?? []) {
    if (index >= count) throw new RangeError(`classes must be below the ${count} of the logits, got ${index}.`);
    weights[index] = 1;
  }
  const result = weights.map((weight, k) => weight * (classWeights?.[k] ?? 1));
  if (!result.some((weight) => weight > 0)) {
    throw new RangeError(`classes must hold one with a weight above 0, got ${show(classes)}.`);
  }
  return result;
}

/** Throws unless `list`, where given, has one number a class. */
export function requireOnePerClass(name: string, list: readonly number[] | undefined, count: number): void {
  if (list !== undefined && list.length !== count) {
    throw new RangeError(`${name} must have one number a class of the logits, ${count}, got ${list.length}.`);
  }
}
