import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions } from '../core/check.js';
import { guardOf } from './guardOf.js';
import { annotateModel, modelInfo } from './modelInfo.js';
import { statefulLayers } from './stateTensors.js';

/** Options of {@link pruneUnetPlusPlus}. */
export interface PruneOptions {
  /** How many columns stay, 1 to encoderDepth - 2. */
  readonly columns: number;
}

/**
 * Returns the first columns of a U-Net++ trained with `deepSupervision`, as a network of its own with copies of the
 * weights and what `annotateModel` noted: less accurate and much faster (Zhou et al. 2020, "pruned"). Deep stages of
 * the encoder and an auxiliary classification go, and sizes need only be multiples of 2^(columns + 1).
 *
 * @throws RangeError for a model that `unetPlusPlus` did not build with `deepSupervision`, or too many columns.
 *
 * @example
 * ```ts
 * const options = { encoder: resnet18(), encoderDepth: 4, decoderChannels: [16, 8, 8, 4] };
 * const model = unetPlusPlus({ inputShape: [null, null, 1], classes: 1, ...options, deepSupervision: true });
 * const quick = pruneUnetPlusPlus(model, { columns: 1 });
 * inputDivisor(quick); // 4
 * model.dispose();
 * quick.dispose();
 * ```
 */
export function pruneUnetPlusPlus(model: LayersModel, options: PruneOptions): LayersModel {
  requireKnownOptions('pruneUnetPlusPlus', options, ['columns']);
  const prune = guardOf(model)?.prune;
  if (prune === undefined) {
    throw new RangeError(`model must be built by unetPlusPlus with deepSupervision, got ${model.name} without.`);
  }
  requireInteger('columns', options.columns, { min: 1, max: prune.most });
  const pruned = prune.build(options.columns);
  for (const layer of statefulLayers(pruned)) {
    const source = model.getLayer(layer.name);
    layer.setWeights(source.getWeights());
    if ('batchesTracked' in source && typeof source.batchesTracked === 'number') {
      layer.batchesTracked = source.batchesTracked;
    }
  }
  const { architecture: _, ...notes } = modelInfo(model)!;
  annotateModel(pruned, notes);
  return pruned;
}
