import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireKnownOptions, show } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import { buildNetwork } from './buildNetwork.js';
import type { Encoder } from './encoders/encoder.js';
import { requireEncoder } from './encoders/plainEncoder.js';
import { applyState } from './loadStateDict.js';
import { annotateModel, type ModelInfo, readRecord, requireArchitecture } from './modelInfo.js';
import { readAnnotatedSafetensors } from './safetensors.js';
import { MODEL_FORMAT, MODEL_KEY } from './saveModel.js';
import { withWeightBudget } from './weightBudget.js';

/** Options of {@link loadModel}. */
export interface LoadModelOptions {
  /** Encoders of your own that the file may name. */
  readonly encoders?: readonly Encoder[];
}

function readInfo(text: string | undefined): ModelInfo {
  if (text === undefined) {
    throw new FormatError(
      'the file must be one of saveModel, got weights alone; build the network and use loadStateDict.',
    );
  }
  const { version, ...info } = readRecord('the model file', text);
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new FormatError(`the model file must have a version of 1 or more, got ${show(version)}.`);
  }
  if (version > MODEL_FORMAT) {
    throw new FormatError(
      `the model file has format ${version}, of a newer segkit; this one reads up to ${MODEL_FORMAT}: update segkit.`,
    );
  }
  return requireArchitecture('the model file', info);
}

/**
 * Returns the model of a file that {@link saveModel} wrote: network, weights, and what `modelInfo` tells.
 *
 * It knows all networks and encoders of segkit, so that an application which only predicts needs no other import; one
 * that must be small builds its network itself and calls `loadStateDict`, which reads the same file.
 *
 * @throws FormatError where the file is broken, of a newer format, or where weights and architecture do not fit.
 *
 * @example
 * ```ts
 * const model = separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 4, levels: 2 });
 * const copy = loadModel(await saveModel(model, { classNames: ['support', 'particle'] }));
 * modelInfo(copy)?.classNames; // ['support', 'particle']
 * model.dispose();
 * copy.dispose();
 * ```
 */
export function loadModel(bytes: Uint8Array, options: LoadModelOptions = {}): LayersModel {
  requireKnownOptions('loadModel', options, ['encoders']);
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`bytes must be a Uint8Array, got ${show(bytes)}.`);
  const { encoders = [] } = options;
  if (!Array.isArray(encoders)) throw new TypeError(`encoders must be a list of encoders, got ${show(encoders)}.`);
  encoders.forEach(requireEncoder);
  const { tensors, metadata } = readAnnotatedSafetensors(bytes);
  const { architecture, ...notes } = readInfo(metadata.get(MODEL_KEY));
  let model: LayersModel | undefined;
  try {
    model = withWeightBudget(bytes.length, () => buildNetwork(architecture, encoders));
    applyState(model, tensors, { strict: true, prefix: '', rename: undefined, adaptFirstConvolution: false });
    annotateModel(model, notes);
    return model;
  } catch (error) {
    model?.dispose();
    if (error instanceof FormatError) throw error;
    // What a builder says of its options is true of the file.
    throw new FormatError(`the model file: ${error instanceof Error ? error.message : error}`);
  }
}
