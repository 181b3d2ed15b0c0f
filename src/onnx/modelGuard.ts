import type { LayersModel } from '@tensorflow/tfjs-layers';

/** What the first layer of a model of segkit knows. */
export interface ModelGuard {
  /** What sizes are multiples of. */
  readonly divisor?: number;
  /** What the model is and what goes with it, as JSON. */
  readonly record?: string;
}

/** The layer that refuses other sizes, found by name, since the floors forbid the import; none in other models. */
export function guardOf(model: LayersModel): ModelGuard | undefined {
  return model.layers.find((layer) => layer.getClassName() === 'DivisibleInput') as ModelGuard | undefined;
}
