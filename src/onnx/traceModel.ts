import {
  type BackendValues,
  type DataId,
  engine,
  getBackend,
  type KernelConfig,
  type NamedTensorInfoMap,
  registerBackend,
  registerKernel,
  removeBackend,
  setBackend,
  type Tensor,
  type TensorInfo,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { EngineError } from '../core/errors.js';
import type { KernelDefinition } from './kernels/definition.js';
import { allKernels } from './kernels/index.js';
import { SizeError } from './sizeError.js';
import { TraceBackend, type TracedCall, TracedValue } from './traceBackend.js';
import { sharingKernels } from './traceKernels.js';

const NAME = 'segkit-trace';

/** What a model computes for inputs of one shape. */
export interface Trace {
  readonly calls: readonly TracedCall[];
  readonly input: TracedValue;
  readonly outputs: readonly TracedValue[];
}

/** Numbers of weights by the data of their variables, read beforehand since a GPU cannot be read at once. */
export type Weights = ReadonlyMap<DataId, BackendValues>;

/** Reads the weights of a model. */
export async function readWeights(model: LayersModel): Promise<Weights> {
  const tensors = model.weights.map((weight) => weight.read());
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  return new Map(tensors.map(({ dataId }, i) => [dataId, values[i]!]));
}

/**
 * Calls a model in inference mode on a backend that lists the kernels instead of running them. Whatever happens, the
 * active backend, tensors and variables are afterwards what they were before.
 *
 * @throws EngineError naming the layer for what has no ONNX form, or cannot be called with this shape.
 */
export function traceModel(model: LayersModel, shape: readonly number[], weights: Weights): Trace {
  const active = getBackend();
  const backend = new TraceBackend((info) => weights.get(info.dataId) ?? readElsewhere(info));
  if (!registerBackend(NAME, () => backend)) throw new EngineError('exportOnnx is already under way.');
  const definitions = [...sharingKernels(), ...allKernels()];
  for (const definition of definitions) registerKernel(recording(definition, backend));
  const restore = nameLayers(model, backend);
  try {
    activate(NAME);
    const input = new TracedValue(shape, 'float32');
    const outputs: TracedValue[] = [];
    tidy(() => {
      const image = engine().makeTensorFromTensorInfo(backend.publish(input));
      const results = [model.apply(image, { training: false }) as Tensor | Tensor[]].flat();
      outputs.push(...results.map((result) => backend.tracedOf(result)));
    });
    return { calls: backend.calls, input, outputs };
  } finally {
    restore();
    if (active) activate(active);
    for (const { name } of definitions) unregisterKernel(name, NAME);
    removeBackend(NAME);
  }
}

function readElsewhere({ dataId }: TensorInfo): BackendValues {
  try {
    return engine().readSync(dataId);
  } catch (error) {
    throw new EngineError(`it holds a tensor whose values cannot be read at once (${messageOf(error)})`);
  }
}

/** Backends that are ready, and this one, are set at once: the promise tells nothing more. */
function activate(name: string): void {
  void setBackend(name);
}

/** Kernels whose result is a list even where it holds one tensor. */
const LISTS: readonly string[] = ['SplitV', 'Unpack'];

function recording(definition: KernelDefinition, backend: TraceBackend): KernelConfig {
  return {
    kernelName: definition.name,
    backendName: NAME,
    kernelFunc: ({ inputs, attrs }) => {
      const infos = backend.call(definition, inputs as NamedTensorInfoMap, attrs ?? {});
      return infos.length === 1 && !LISTS.includes(definition.name) ? infos[0]! : infos;
    },
  };
}

type Layer = LayersModel['layers'][number];

/** Tells the backend which layer is being called, and puts its name into errors. Returns what undoes it. */
function nameLayers(model: LayersModel, backend: TraceBackend): () => void {
  const layers = new Set<Layer>();
  const collect = (layer: Layer): void => {
    const inner = (layer as { readonly layers?: readonly Layer[] }).layers;
    if (inner) inner.forEach(collect);
    else layers.add(layer);
  };
  collect(model);
  const own = [...layers].filter((layer) => Object.hasOwn(layer, 'call')).map((layer) => [layer, layer.call] as const);
  for (const layer of layers) {
    const { call } = layer;
    layer.call = function (this: Layer, ...args: Parameters<Layer['call']>) {
      const outer = backend.layer;
      backend.layer = layer.name;
      try {
        return call.apply(this, args);
      } catch (error) {
        throw failure(layer, error);
      } finally {
        backend.layer = outer;
      }
    };
  }
  return () => {
    // The method of the class is visible again.
    for (const layer of layers) delete (layer as Partial<Layer>).call;
    for (const [layer, call] of own) layer.call = call;
  };
}

/** What an error in a layer means: something without an ONNX form, or else sizes that do not fit together. */
function failure(layer: Layer, error: unknown): EngineError {
  const text = messageOf(error);
  const missing = /^Kernel '(\w+)' not registered/.exec(text)?.[1];
  const why = missing === undefined ? text : `the kernel ${missing} has no ONNX form`;
  const message = `exportOnnx cannot write the layer ${layer.name} (${layer.getClassName()}): ${why}.`;
  const isFinal = missing !== undefined || (error instanceof EngineError && !(error instanceof SizeError));
  return isFinal ? new EngineError(message) : new SizeError(message);
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
