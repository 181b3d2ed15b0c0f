import {
  backend_util,
  ScatterNd,
  SparseToDense,
  type TensorInfo,
  TensorScatterUpdate,
  UnsortedSegmentSum,
} from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { sizeOf } from './broadcast.js';
import { unsigned } from './casts.js';
import type { KernelDefinition, Value } from './definition.js';
import { counted, flatPlaces } from './gathering.js';

/**
 * Numbers put, or added, to places. With `ScatterElements`, one after the other: the threads of ONNX Runtime's
 * `ScatterND` lose sums where a place comes more than once.
 */
export function scatteringKernels(): readonly KernelDefinition[] {
  return [
    {
      name: ScatterNd,
      accepts: ({ inputs }) => inputs.indices!.dtype === 'int32' && inputs.updates!.dtype !== 'bool',
      infer: ({ inputs, attrs }) => [{ shape: attrs.shape as number[], dtype: inputs.updates!.dtype }],
      lower: ({ inputs, outputs }, graph) => {
        const { indices, updates } = inputs as Record<'indices' | 'updates', Value>;
        const zeros = expanded(graph, graph.scalar(0, updates.dtype), sizeOf(outputs[0]!.shape));
        scatter(graph, { base: zeros, indices, updates, output: outputs[0]!, adds: true });
      },
    },
    {
      name: TensorScatterUpdate,
      accepts: ({ inputs }) => inputs.indices!.dtype === 'int32' && inputs.updates!.dtype === inputs.tensor!.dtype,
      infer: ({ inputs }) => [{ shape: inputs.tensor!.shape, dtype: inputs.tensor!.dtype }],
      lower: ({ inputs, outputs }, graph) => {
        const { tensor, indices, updates } = inputs as Record<'tensor' | 'indices' | 'updates', Value>;
        const base = graph.reshape(graph.plain(tensor), [sizeOf(tensor.shape)]);
        scatter(graph, { base, indices, updates, output: outputs[0]!, adds: false });
      },
    },
    {
      name: SparseToDense,
      accepts: ({ inputs: { sparseIndices, sparseValues, defaultValue } }) =>
        sparseIndices!.dtype === 'int32' && sparseValues!.dtype === defaultValue!.dtype,
      infer: ({ inputs, attrs }) => [{ shape: attrs.outputShape as number[], dtype: inputs.sparseValues!.dtype }],
      lower: ({ inputs, outputs }, graph) => {
        const { sparseIndices: indices, sparseValues: updates, defaultValue } = inputs as Record<string, Value>;
        const filler = graph.reshape(graph.plain(defaultValue!), [1]);
        const base = expanded(graph, filler, sizeOf(outputs[0]!.shape));
        scatter(graph, { base, indices: indices!, updates: updates!, output: outputs[0]!, adds: false });
      },
    },
    {
      name: UnsortedSegmentSum,
      accepts: ({ inputs: { x, segmentIds } }) =>
        segmentIds!.shape.length === 1 && x!.shape[0] === segmentIds!.shape[0],
      infer: ({ inputs, attrs }) => [
        { shape: [attrs.numSegments as number, ...inputs.x!.shape.slice(1)], dtype: 'float32' },
      ],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', Value>;
        const segments = attrs.numSegments as number;
        const slice = sizeOf(x.shape.slice(1));
        // Ids of no segment add to one behind the last, which is cut off.
        const all = unsigned(graph, graph.cast(graph.plain(segmentIds), 'int32'));
        const last = graph.ints(segments);
        const ids = graph.op('Where', [graph.op('Less', [all, last]), all, last]);
        const base = expanded(graph, graph.float(0), (segments + 1) * slice);
        const updates = graph.reshape(graph.cast(graph.plain(x), 'float32'), [sizeOf(x.shape)]);
        const places = numberPlaces(graph, ids, slice);
        const sums = graph.op('ScatterElements', [base, places, updates], { axis: 0, reduction: 'add' });
        const kept = graph.op('Slice', [sums, graph.ints(0), graph.ints(segments * slice), graph.ints(0)]);
        graph.define(outputs[0]!, graph.reshape(kept, outputs[0]!.shape));
      },
    },
  ];
}

interface Scattering {
  /** What the numbers are put into, flat. */
  readonly base: string;
  readonly indices: Value;
  readonly updates: Value;
  readonly output: Value;
  readonly adds: boolean;
}

function scatter(graph: Emitter, { base, indices, updates, output, adds }: Scattering): void {
  const [updateInfo, indexInfo] = [updates, indices] as unknown as [TensorInfo, TensorInfo];
  const shape = [...output.shape];
  const { sliceRank, sliceSize, strides, numUpdates } = backend_util.calculateShapes(updateInfo, indexInfo, shape);
  const rows = graph.reshape(graph.plain(indices), [numUpdates, sliceRank]);
  const slices = unsigned(graph, flatPlaces(graph, rows, strides));
  const places = numberPlaces(graph, slices, sliceSize);
  const size = numUpdates * sliceSize;
  const values = graph.plain(updates);
  const flat = sizeOf(updates.shape) === size ? graph.reshape(values, [size]) : expanded(graph, values, size);
  const attributes = adds ? { axis: 0, reduction: 'add' } : { axis: 0 };
  graph.define(output, graph.reshape(graph.op('ScatterElements', [base, places, flat], attributes), shape));
}

/** The places of all numbers of slices. */
function numberPlaces(graph: Emitter, slices: string, size: number): string {
  if (size === 1) return graph.reshape(slices, [-1]);
  const within = counted(graph, size);
  const starts = graph.op('Mul', [graph.reshape(slices, [-1, 1]), graph.ints(size)]);
  return graph.reshape(graph.op('Add', [starts, within]), [-1]);
}

function expanded(graph: Emitter, name: string, size: number): string {
  return graph.op('Expand', [name, graph.ints(size)]);
}
