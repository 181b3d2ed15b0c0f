import type { LayersModel } from '@tensorflow/tfjs-layers';
import { DivisibleInput } from './layers/divisibleInput.js';
import { requireModel } from './requireModel.js';

/** The layer that guards a network's input and knows what the network is; none where segkit did not build it. */
export function guardOf(model: LayersModel): DivisibleInput | undefined {
  requireModel(model);
  return model.layers.find((layer): layer is DivisibleInput => layer instanceof DivisibleInput);
}
