import { backend_util, GatherNd, GatherV2, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { sizeOf } from './broadcast.js';
import { unsigned } from './casts.js';
import type { KernelCall, KernelDefinition, Value } from './definition.js';

/** Numbers picked by indices. An index outside of the tensor fails when the graph runs. */
export function gatheringKernels(): readonly KernelDefinition[] {
  return [
    {
      name: GatherV2,
      accepts: ({ inputs }) => inputs.indices!.dtype === 'int32',
      infer: (call) => [{ shape: gatherOf(call).outputShape, dtype: call.inputs.x!.dtype }],
      lower: (call, graph) => {
        const { x, indices } = call.inputs as Record<'x' | 'indices', Value>;
        const { axis, batchSize, outputShape } = gatherOf(call);
        const name =
          batchSize === 1
            ? graph.op('Gather', [graph.plain(x), unsigned(graph, graph.plain(indices))], { axis })
            : gatherInBatches(graph, call);
        graph.define(call.outputs[0]!, graph.reshape(name, outputShape));
      },
    },
    {
      name: GatherNd,
      accepts: ({ inputs }) => inputs.indices!.dtype === 'int32',
      infer: ({ inputs }) => [{ shape: placesOf(inputs.params!, inputs.indices!)[0], dtype: inputs.params!.dtype }],
      lower: ({ inputs, outputs }, graph) => {
        const { params, indices } = inputs as Record<'params' | 'indices', Value>;
        const [shape, , sliceSize, strides] = placesOf(params, indices);
        const rank = indices.shape.at(-1)!;
        const places = flatPlaces(graph, graph.reshape(graph.plain(indices), [-1, rank]), strides);
        const slices = graph.reshape(graph.plain(params), [sizeOf(params.shape) / sliceSize, sliceSize]);
        const picked = graph.op('Gather', [slices, unsigned(graph, places)], { axis: 0 });
        graph.define(outputs[0]!, graph.reshape(picked, shape));
      },
    },
  ];
}

function gatherOf({ inputs, attrs }: KernelCall) {
  const { x, indices } = inputs as unknown as Record<'x' | 'indices', TensorInfo>;
  const [axis] = util.parseAxisParam(attrs.axis as number, x.shape) as [number];
  const batchDims = (attrs.batchDims as number | undefined) ?? 0;
  return { axis, ...backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims) };
}

/** As one gathering from all images of the batch, laid end to end. */
function gatherInBatches(graph: Emitter, call: KernelCall): string {
  const { x, indices } = call.inputs as Record<'x' | 'indices', Value>;
  const { batchSize, outerSize, dimSize, sliceSize } = gatherOf(call);
  const count = sizeOf(indices.shape) / batchSize;
  const shaped = graph.reshape(graph.plain(x), [batchSize, outerSize, dimSize, sliceSize]);
  const rows = graph.op('Transpose', [shaped], { perm: [0, 2, 1, 3] });
  const end = graph.reshape(rows, [batchSize * dimSize, outerSize * sliceSize]);
  const own = graph.reshape(unsigned(graph, graph.plain(indices)), [batchSize, count]);
  const starts = graph.reshape(counted(graph, batchSize, dimSize), [batchSize, 1]);
  // An index outside of its own image must not reach into the next.
  const isInside = graph.op('Less', [own, graph.ints(dimSize)]);
  const places = graph.op('Where', [isInside, graph.op('Add', [own, starts]), graph.ints(batchSize * dimSize)]);
  const picked = graph.op('Gather', [end, places], { axis: 0 });
  const split = graph.reshape(picked, [batchSize, count, outerSize, sliceSize]);
  return graph.op('Transpose', [split], { perm: [0, 2, 1, 3] });
}

function placesOf(params: Value, indices: Value): [number[], number, number, number[]] {
  const [x, at] = [params, indices] as unknown as [TensorInfo, TensorInfo];
  return backend_util.prepareAndValidate(x, at);
}

/** Indices `[places, axes]` as one number a place, int32, by how many slices a step along each axis counts. */
export function flatPlaces(graph: Emitter, indices: string, steps: readonly number[]): string {
  if (steps.length === 1 && steps[0] === 1) return graph.op('Squeeze', [indices, graph.ints(1)]);
  const strides = graph.cast(graph.ints(...steps), 'int32');
  return graph.op('ReduceSum', [graph.op('Mul', [indices, strides]), graph.ints(1)], { keepdims: 0 });
}

/** 0, 1, 2 and so on, int64, or multiples of a step; an operation, since a list can be too long for a constant. */
export function counted(graph: Emitter, length: number, step = 1): string {
  const ends = [0, length * step, step].map((value) => graph.reshape(graph.ints(value), []));
  return graph.op('Range', ends);
}
