import type { LayersModel } from '@tensorflow/tfjs-layers';
import { writeSafetensors } from './safetensors.js';
import { torchShape, toTorch } from './stateLayout.js';
import { statefulLayers } from './stateTensors.js';

/**
 * Returns the weights of a model as a safetensors file with PyTorch's names and layout, float32, little-endian:
 * what `safetensors.torch.load_file` reads and `load_state_dict` takes with `strict=True`. The names are the paths of
 * SMP's modules for its networks, and the names of the layers for the others.
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
  const tensors = new Map<string, { shape: number[]; data: Float32Array | BigInt64Array }>();
  for (const layer of statefulLayers(model)) {
    for (const { leaf, variable, layout } of layer.stateTensors()) {
      const shape = variable.shape as number[];
      const values = (await variable.read().data<'float32'>()) as Float32Array;
      tensors.set(`${layer.name}.${leaf}`, { shape: torchShape(shape, layout), data: toTorch(values, shape, layout) });
    }
    if (layer.batchesTracked !== undefined) {
      const count = BigInt64Array.of(BigInt(layer.batchesTracked));
      tensors.set(`${layer.name}.num_batches_tracked`, { shape: [], data: count });
    }
  }
  return writeSafetensors(tensors);
}
