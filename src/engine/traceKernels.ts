import { engine, getBackend, getKernel, keep, type Tensor, tidy, type Variable, zeros } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { EngineError } from '../core/errors.js';

/** What is used of a layer. */
type Layer = LayersModel['layers'][number];

/** Ends the run of a layer at a kernel that the backend lacks. */
class MissingKernel extends Error {}

/**
 * The names of the kernels that a model calls on the active backend: each layer runs once, by itself, on zeros of few
 * pixels, so that a kernel that is missing in one hides none of the others. With `training`, in training mode and with
 * the gradients of weights and inputs. Weights, running statistics too, keep their values.
 *
 * @throws EngineError where a layer fails for another reason than a kernel that is missing.
 */
export function traceKernels(model: LayersModel, training: boolean): Set<string> {
  const names = new Set<string>();
  const variables = variablesOf(model);
  const values = tidy(() => variables.map((variable) => keep(variable.clone())));
  try {
    for (const layer of model.layers) traceLayer(layer, training, names);
  } finally {
    variables.forEach((variable, i) => {
      if (variable.dataId !== values[i]!.dataId) variable.assign(values[i]!);
      values[i]!.dispose();
    });
  }
  return names;
}

function variablesOf({ weights }: Pick<Layer, 'weights'>): Variable[] {
  return weights.map((weight) => weight.read() as Variable);
}

function traceLayer(layer: Layer, training: boolean, names: Set<string>): void {
  const inner = (layer as { readonly layers?: readonly Layer[] }).layers;
  if (inner) {
    for (const part of inner) traceLayer(part, training, names);
    return;
  }
  if (layer.inboundNodes.length === 0 || layer.getClassName() === 'InputLayer') return;
  let failure: unknown;
  // Few pixels are enough for most layers; some need more, and some the size that they were built for.
  for (const side of [4, 32, Number.POSITIVE_INFINITY]) {
    try {
      recordKernels(names, () => runLayer(layer, side, training));
      return;
    } catch (error) {
      if (error instanceof MissingKernel) return;
      failure = error;
    }
  }
  const why = failure instanceof Error ? failure.message : String(failure);
  throw new EngineError(`preflight cannot run the layer ${layer.name} by itself: ${why}`);
}

/** Runs a layer on zeros, forward and, for training, backward; spatial sides are at most `side`. */
function runLayer(layer: Layer, side: number, training: boolean): void {
  const { inputTensors, inputShapes, inboundLayers } = layer.inboundNodes[0]!;
  const inputs = inputTensors.map(({ shape, dtype }) => zeros(shrink(shape, side), dtype));
  const run = () => [layer.apply(Array.isArray(inputShapes[0]) ? inputs : inputs[0]!, { training })].flat() as Tensor[];
  // The gradient of the image itself is never asked for.
  const differentiated = inputs.filter((_, i) => inboundLayers[i]?.getClassName() !== 'InputLayer');
  const sources: Tensor[] = [...differentiated, ...layer.trainableWeights.map((weight) => weight.read())];
  if (!training || sources.length === 0) {
    run();
    return;
  }
  let outputs = 1;
  for (let i = 0; i < outputs; i++) {
    const forward = () => {
      const results = run();
      outputs = results.length;
      return results[i]!;
    };
    engine().gradients(forward, sources, undefined, true);
  }
}

/** A batch of one; sides that are free, and those of images, no longer than `side`. */
function shrink(shape: readonly (number | null)[], side: number): number[] {
  return shape.map((length, axis) => {
    if (axis === 0) return length ?? 1;
    if (length === null) return Math.min(256, side);
    const spatial = shape.length > 3 && axis < shape.length - 1;
    return spatial ? Math.min(length, side) : length;
  });
}

/** Runs `work` and adds the names of the kernels that it asks for; nothing stays of it, even where it fails. */
function recordKernels(names: Set<string>, work: () => void): void {
  const target = engine();
  const original = target.runKernel;
  const made: Tensor[] = [];
  target.runKernel = function (this: typeof target, name, inputs, attrs) {
    names.add(name);
    if (!getKernel(name, getBackend())) throw new MissingKernel(name);
    const results = original.call(this, name, inputs, attrs);
    made.push(...([results].flat() as Tensor[]));
    return results as never;
  };
  try {
    tidy(work);
  } catch (error) {
    // The tape of an unfinished gradient keeps its tensors.
    for (const tensor of made) if (!tensor.isDisposed) tensor.dispose();
    throw error;
  } finally {
    target.runKernel = original;
  }
}
