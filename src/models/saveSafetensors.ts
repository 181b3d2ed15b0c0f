import type { LayersModel } from '@tensorflow/tfjs-layers';
import { writeSafetensors } from './safetensors.js';
import { wholeState } from './wholeState.js';

/**
 * Returns the weights of a model as a safetensors file with PyTorch's names and layout, float32, little-endian:
 * what `safetensors.torch.load_file` reads and `load_state_dict` takes with `strict=True`. The names are the paths of
 * SMP's modules for its networks, and the names of the layers for the others. What SMP's networks hold and never use
 * (`_conv_head` of EfficientNet, the deep stages of an encoder with `encoderDepth` below 5) is written too: as it was
 * loaded, else with first values.
 *
 * @throws RangeError where the model has weights of layers that segkit does not know.
 *
 * @example
 * ```ts
 * const model = separableUnet({ inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1, seed: 3 });
 * const copy = separableUnet({ inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1 });
 * loadStateDict(copy, await saveSafetensors(model)).missing; // []
 * model.dispose();
 * copy.dispose();
 * ```
 */
export async function saveSafetensors(model: LayersModel): Promise<Uint8Array> {
  return writeSafetensors(await wholeState(model));
}
