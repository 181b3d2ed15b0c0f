import type { LayersModel } from '@tensorflow/tfjs-layers';
import { show } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import { guardOf } from './guardOf.js';
import { type ModelNotes, requireNotes } from './modelNotes.js';

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
 * `predict` normalises so, and `saveModel` and `exportOnnx` write it. What is not given stays as it was.
 *
 * @throws RangeError or TypeError for values that do not fit the network, and for networks that segkit did not build.
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
  requireNotes(notes, { channels: model.inputs[0]!.shape[3]!, classes: model.outputs[0]!.shape[3]! });
  const given = Object.fromEntries(Object.entries(notes).filter(([, note]) => note !== undefined));
  guard.record = JSON.stringify({ ...info, ...given });
}

/**
 * Returns what a file says of itself as JSON. Internal to the library.
 *
 * @param file - what to call it in errors.
 * @throws FormatError where that is no object.
 */
export function readRecord(file: string, text: string): Readonly<Record<string, unknown>> {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(
      `${file} must describe itself as JSON, got ${cause instanceof Error ? cause.message : cause}.`,
    );
  }
  if (!isRecord(record)) throw new FormatError(`${file} must describe itself by an object, got ${show(record)}.`);
  return record;
}

/**
 * Returns a record where it names an architecture. Internal to the library.
 *
 * @throws FormatError where it does not.
 */
export function requireArchitecture(file: string, record: Readonly<Record<string, unknown>>): ModelInfo {
  const { architecture } = record;
  if (!isRecord(architecture) || typeof architecture.builder !== 'string' || !isRecord(architecture.options)) {
    throw new FormatError(`${file} must name its architecture, got ${show(architecture)}.`);
  }
  return record as unknown as ModelInfo;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
