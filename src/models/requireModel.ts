import type { LayersModel } from '@tensorflow/tfjs-layers';
import { show } from '../core/check.js';

/** Throws unless `model` is a network of layers. */
export function requireModel(model: unknown): asserts model is LayersModel {
  const known = model as Partial<LayersModel> | null | undefined;
  if (Array.isArray(known?.layers) && Array.isArray(known.inputs) && Array.isArray(known.outputs)) return;
  throw new TypeError(`model must be a LayersModel, got ${show(model)}.`);
}
