import { input, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { fillWeights } from './fillWeights.js';
import { torchShape, toTorch } from './stateLayout.js';
import { statefulLayers } from './stateTensors.js';

/** A tensor as a state dict holds it. */
export interface StateValue {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** Layers that the original network has and never runs: what they take, and how they are built. */
export interface IdlePart {
  readonly channels: number;
  readonly build: (features: SymbolicTensor) => SymbolicTensor | readonly SymbolicTensor[];
}

/** Returns all tensors of a model as its state dict has them, in order. */
export async function stateValues(network: LayersModel): Promise<Map<string, StateValue>> {
  const values = new Map<string, StateValue>();
  for (const layer of statefulLayers(network)) {
    for (const { leaf, variable, layout } of layer.stateTensors()) {
      const shape = variable.shape as number[];
      const data = toTorch((await variable.read().data<'float32'>()) as Float32Array, shape, layout);
      values.set(`${layer.name}.${leaf}`, { shape: torchShape(shape, layout), data });
    }
    if (layer.batchesTracked === undefined) continue;
    values.set(`${layer.name}.num_batches_tracked`, {
      shape: [],
      data: BigInt64Array.of(BigInt(layer.batchesTracked)),
    });
  }
  return values;
}

/** Returns names and shapes of a model's state dict. */
export function stateShapes(network: LayersModel): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const layer of statefulLayers(network)) {
    for (const { leaf, variable, layout } of layer.stateTensors()) {
      shapes.set(`${layer.name}.${leaf}`, torchShape(variable.shape as number[], layout));
    }
    if (layer.batchesTracked !== undefined) shapes.set(`${layer.name}.num_batches_tracked`, []);
  }
  return shapes;
}

/**
 * The tensors that the original network's state dict has beyond those in use: kept from a file that was loaded, else
 * with first values of their own. They live here and not in the model, so that they cost nothing until one saves.
 */
export class IdleState {
  /** What a file held. */
  readonly kept = new Map<string, StateValue>();
  /** Names that a file may hold and that nobody saves: the classifier that an encoder was trained with. */
  readonly passedOver: ReadonlySet<string>;
  private readonly parts: readonly IdlePart[];
  private readonly seed: number;
  private known: Map<string, readonly number[]> | undefined;

  constructor(parts: readonly IdlePart[], passedOver: readonly string[], seed: number) {
    this.parts = parts;
    this.passedOver = new Set(passedOver);
    this.seed = seed;
  }

  private shadow({ channels, build }: IdlePart): LayersModel {
    const features = input({ shape: [null, null, channels] });
    const outputs = build(features);
    return model({ inputs: features, outputs: Array.isArray(outputs) ? outputs : [outputs as SymbolicTensor] });
  }

  /** Names and shapes of all tensors of the parts, those in use included. */
  shapes(): ReadonlyMap<string, readonly number[]> {
    if (this.known === undefined) {
      this.known = new Map();
      for (const part of this.parts) {
        const shadow = this.shadow(part);
        for (const [name, shape] of stateShapes(shadow)) this.known.set(name, shape);
        shadow.dispose();
      }
    }
    return this.known;
  }

  /** The values to save beside `used`, the names of the network in use. */
  async values(used: ReadonlySet<string>): Promise<Map<string, StateValue>> {
    const values = new Map<string, StateValue>();
    for (const part of this.parts) {
      const shadow = this.shadow(part);
      try {
        fillWeights(shadow, this.seed);
        for (const [name, value] of await stateValues(shadow)) {
          if (!used.has(name)) values.set(name, this.kept.get(name) ?? value);
        }
      } finally {
        shadow.dispose();
      }
    }
    return values;
  }
}
