import {
  BatchToSpaceND,
  backend_util,
  DepthToSpace,
  Diag,
  FlipLeftRight,
  Reverse,
  SpaceToBatchND,
  Tile,
  Transpose,
  util,
} from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { sizeOf } from './broadcast.js';
import type { KernelDefinition, Value } from './definition.js';
import { sliced } from './slices.js';

/** The same numbers in another order, or repeated. */
export function arrangementKernels(): readonly KernelDefinition[] {
  return [
    {
      name: Transpose,
      infer: ({ inputs, attrs }) => [
        { shape: (attrs.perm as number[]).map((axis) => inputs.x!.shape[axis]!), dtype: inputs.x!.dtype },
      ],
      lower: ({ inputs, attrs, outputs }, graph) => transpose(graph, inputs.x!, attrs.perm as number[], outputs[0]!),
    },
    {
      name: Reverse,
      infer: ({ inputs }) => [{ shape: inputs.x!.shape, dtype: inputs.x!.dtype }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const { shape } = inputs.x!;
        const axes = util.parseAxisParam(attrs.dims as number[], [...shape]);
        graph.define(outputs[0]!, shape.length === 0 ? graph.plain(inputs.x!) : reverse(graph, inputs.x!, axes));
      },
    },
    {
      name: FlipLeftRight,
      infer: ({ inputs }) => [{ shape: inputs.image!.shape, dtype: inputs.image!.dtype }],
      lower: ({ inputs, outputs }, graph) => graph.define(outputs[0]!, reverse(graph, inputs.image!, [2])),
    },
    {
      name: Tile,
      infer: ({ inputs, attrs }) => [
        { shape: inputs.x!.shape.map((side, axis) => side * (attrs.reps as number[])[axis]!), dtype: inputs.x!.dtype },
      ],
      lower: ({ inputs, attrs, outputs }, graph) => tile(graph, inputs.x!, attrs.reps as number[], outputs[0]!),
    },
    {
      name: DepthToSpace,
      accepts: ({ attrs }) => attrs.dataFormat === 'NHWC',
      infer: ({ inputs, attrs }) => {
        const [batch, height, width, depth] = inputs.x!.shape as [number, number, number, number];
        const side = attrs.blockSize as number;
        return [{ shape: [batch, height * side, width * side, depth / side ** 2], dtype: inputs.x!.dtype }];
      },
      lower: ({ inputs, attrs, outputs }, graph) => {
        const [batch, height, width, depth] = inputs.x!.shape as [number, number, number, number];
        const side = attrs.blockSize as number;
        const split = graph.reshape(graph.plain(inputs.x!), [batch, height, width, side, side, depth / side ** 2]);
        const woven = graph.op('Transpose', [split], { perm: [0, 1, 3, 2, 4, 5] });
        graph.define(outputs[0]!, graph.reshape(woven, outputs[0]!.shape));
      },
    },
    spaceToBatch(),
    batchToSpace(),
    {
      name: Diag,
      infer: ({ inputs }) => [{ shape: [...inputs.x!.shape, ...inputs.x!.shape], dtype: inputs.x!.dtype }],
      // As many zeros after every number as there are numbers: those of the next row begin one place later.
      lower: ({ inputs, outputs }, graph) => {
        const size = sizeOf(inputs.x!.shape);
        const column = graph.reshape(graph.plain(inputs.x!), [size, 1]);
        const zero = graph.scalar(0, inputs.x!.dtype);
        const rows = graph.reshape(graph.op('Pad', [column, graph.ints(0, 0, 0, size), zero]), [size * (size + 1)]);
        const square = sliced(graph, rows, [{ axis: 0, start: 0, end: size * size }]);
        graph.define(outputs[0]!, graph.reshape(square, outputs[0]!.shape));
      },
    },
  ];
}

function transpose(graph: Emitter, x: Value, perm: readonly number[], output: Value): void {
  // Planes are images transposed already.
  if (perm.join() === '0,3,1,2' && !graph.has(x, 'plain')) {
    graph.define(output, graph.planes(x));
    return;
  }
  if (perm.join() === '0,2,3,1') graph.define(output, graph.plain(x), 'planes');
  else graph.define(output, graph.op('Transpose', [graph.plain(x)], { perm }));
}

function reverse(graph: Emitter, x: Value, axes: readonly number[]): string {
  if (axes.length === 0) return graph.plain(x);
  const ranges = axes.map((axis) => ({ axis, start: -1, end: -x.shape[axis]! - 1, step: -1 }));
  return sliced(graph, graph.plain(x), ranges);
}

function tile(graph: Emitter, x: Value, reps: readonly number[], output: Value): void {
  if (reps.every((count) => count === 1)) {
    graph.alias(output, x);
    return;
  }
  const spread = graph.spreadOf(x);
  if (x.shape.every((side, axis) => side === 1 || reps[axis] === 1)) {
    graph.defineSpread(output, spread ?? { name: graph.plain(x), shape: x.shape });
    return;
  }
  graph.define(output, graph.op('Tile', [graph.plain(x), graph.ints(...reps)]));
}

function spaceToBatch(): KernelDefinition {
  const paddingsOf = (shape: readonly number[], paddings: readonly (readonly number[])[]) =>
    shape.map((_, axis) => (axis === 0 ? [0, 0] : (paddings[axis - 1] ?? [0, 0])));
  const paddedShape = (shape: readonly number[], paddings: readonly (readonly number[])[]) =>
    paddingsOf(shape, paddings).map(([before, after], axis) => before! + shape[axis]! + after!);
  return {
    name: SpaceToBatchND,
    infer: ({ inputs: { x }, attrs }) => {
      const blocks = attrs.blockShape as number[];
      const padded = paddedShape(x!.shape, attrs.paddings as number[][]);
      return [{ shape: backend_util.getReshapedPermuted(padded, blocks, sizeOf(blocks), false), dtype: x!.dtype }];
    },
    lower: ({ inputs: { x }, attrs, outputs }, graph) => {
      const blocks = attrs.blockShape as number[];
      const pairs = paddingsOf(x!.shape, attrs.paddings as number[][]);
      const pads = graph.ints(...pairs.map(([before]) => before!), ...pairs.map(([, after]) => after!));
      const padded = graph.op('Pad', [graph.plain(x!), pads, graph.scalar(0, x!.dtype)]);
      const whole = paddedShape(x!.shape, attrs.paddings as number[][]);
      const split = graph.reshape(padded, backend_util.getReshaped(whole, blocks, sizeOf(blocks), false));
      const rank = whole.length + blocks.length;
      const moved = graph.op('Transpose', [split], { perm: backend_util.getPermuted(rank, blocks.length, false) });
      graph.define(outputs[0]!, graph.reshape(moved, outputs[0]!.shape));
    },
  };
}

function batchToSpace(): KernelDefinition {
  return {
    name: BatchToSpaceND,
    infer: ({ inputs: { x }, attrs }) => {
      const blocks = attrs.blockShape as number[];
      const whole = backend_util.getReshapedPermuted([...x!.shape], blocks, sizeOf(blocks));
      const cropped = backend_util.getSliceSize(whole, attrs.crops as number[][], blocks.length);
      return [{ shape: whole.map((side, axis) => cropped[axis] ?? side), dtype: x!.dtype }];
    },
    lower: ({ inputs: { x }, attrs, outputs }, graph) => {
      const blocks = attrs.blockShape as number[];
      const split = graph.reshape(graph.plain(x!), backend_util.getReshaped([...x!.shape], blocks, sizeOf(blocks)));
      const rank = x!.shape.length + blocks.length;
      const moved = graph.op('Transpose', [split], { perm: backend_util.getPermuted(rank, blocks.length) });
      const whole = backend_util.getReshapedPermuted([...x!.shape], blocks, sizeOf(blocks));
      const begin = backend_util.getSliceBeginCoords(attrs.crops as number[][], blocks.length);
      const ranges = whole.map((_, axis) => {
        const start = begin[axis] ?? 0;
        return { axis, start, end: start + outputs[0]!.shape[axis]! };
      });
      graph.define(outputs[0]!, sliced(graph, graph.reshape(moved, whole), ranges));
    },
  };
}
