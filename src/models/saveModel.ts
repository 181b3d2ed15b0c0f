import type { LayersModel } from '@tensorflow/tfjs-layers';
import { guardOf } from './guardOf.js';
import { annotateModel, modelInfo } from './modelInfo.js';
import type { ModelNotes } from './modelNotes.js';
import { writeSafetensors } from './safetensors.js';
import { wholeState } from './wholeState.js';

/** The version of the format that {@link saveModel} writes. */
export const MODEL_FORMAT = 1;

/** Where a model file keeps what it is, beside the weights. */
export const MODEL_KEY = 'segkit';

/**
 * Returns a model as one file that `loadModel` needs nothing else for: what builds it, its weights, and what goes with
 * it. The file is a safetensors file with PyTorch's names, so that Python and `loadStateDict` read its weights too;
 * the rest stands as JSON, with a version, in its metadata.
 *
 * @param notes - what goes with it, where `annotateModel` has not noted it yet.
 * @throws RangeError or TypeError for bad notes, for models that segkit did not build, and for what `mainOutput` returns,
 * which is not whole.
 *
 * @example
 * ```ts
 * const model = separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 4, levels: 2 });
 * const bytes = await saveModel(model, { normalization: { normalization: 'image' } });
 * const copy = loadModel(bytes);
 * modelInfo(copy)?.normalization; // { normalization: 'image' }
 * model.dispose();
 * copy.dispose();
 * ```
 */
export async function saveModel(model: LayersModel, notes: ModelNotes = {}): Promise<Uint8Array> {
  const { outputs = model.outputs.length } = guardOf(model) ?? {};
  if (model.outputs.length !== outputs) {
    throw new RangeError(
      `model must be the whole network of ${outputs} outputs, got ${model.name} of ${model.outputs.length}; save the one ` +
        'that mainOutput was called with.',
    );
  }
  annotateModel(model, notes);
  const record = JSON.stringify({ version: MODEL_FORMAT, ...modelInfo(model) });
  return writeSafetensors(await wholeState(model), { [MODEL_KEY]: record });
}
