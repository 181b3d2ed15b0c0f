import type { LayersModel } from '@tensorflow/tfjs-layers';
import { guardOf } from './guardOf.js';
import { type StateValue, stateValues } from './idleState.js';

/** The state dict of a model, with what the original holds and never uses behind. */
export async function wholeState(model: LayersModel): Promise<ReadonlyMap<string, StateValue>> {
  const values = await stateValues(model);
  const idle = await guardOf(model)?.idle?.values(new Set(values.keys()));
  for (const [name, value] of idle ?? []) values.set(name, value);
  return values;
}
