import {
  All,
  Any,
  ArgMax,
  ArgMin,
  backend_util,
  type DataType,
  Max,
  Mean,
  Min,
  type NamedAttrMap,
  Prod,
  Sum,
  upcastType,
  util,
} from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { toInt64 } from './casts.js';
import type { KernelDefinition, RecordedCall, Value } from './definition.js';
import { axisIn, commonLayout, type FullLayout, hasFewChannels, isFilledUp, nameIn, sidesIn } from './layouts.js';
import { type Reduction, reduceInStages } from './stages.js';

/** Many numbers to one. */
export function reductionKernels(): readonly KernelDefinition[] {
  return [
    reduction(Sum, 'ReduceSum', (dtype) => upcastType(dtype, 'int32')),
    reduction(Mean, 'ReduceMean', () => 'float32'),
    reduction(Prod, 'ReduceProd', (dtype) => upcastType(dtype, 'int32')),
    extreme(Max, 'ReduceMax'),
    extreme(Min, 'ReduceMin'),
    truth(All, 'ReduceMin'),
    truth(Any, 'ReduceMax'),
    positionOfExtreme(ArgMax),
    positionOfExtreme(ArgMin),
  ];
}

type Definition = Pick<KernelDefinition, 'name' | 'infer'>;

/** Name and shape of a reduction whose result has some dtype. */
function definition(name: string, dtypeOf: (dtype: DataType) => DataType): Definition {
  return {
    name,
    infer: ({ inputs, attrs }) => {
      const { shape, dtype } = inputs.x!;
      const axes = axesOf(attrs, shape);
      const [kept] = backend_util.computeOutAndReduceShapes([...shape], axes);
      const wanted = attrs.keepDims === true ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
      return [{ shape: wanted, dtype: dtypeOf(dtype) }];
    },
  };
}

function axesOf(attrs: NamedAttrMap, shape: readonly number[]): number[] {
  const axis = (attrs.reductionIndices ?? attrs.axis) as number | number[];
  return util.parseAxisParam(axis, [...shape]);
}

function reduction(name: string, op: Reduction, dtypeOf: (dtype: DataType) => DataType): KernelDefinition {
  return {
    ...definition(name, dtypeOf),
    lower: (call, graph) =>
      lowerReduction(call, graph, (x, sides, axes) => {
        if (call.outputs[0]!.dtype === 'int32') {
          // ONNX Runtime stops at the largest int32, TensorFlow.js goes on from the smallest.
          return graph.cast(reduceInStages(graph, op, toInt64(graph, x), sides, axes), 'int32');
        }
        const numbers = call.inputs.x!.dtype === 'float32' ? x : graph.cast(x, 'float32');
        return reduceInStages(graph, op, numbers, sides, axes);
      }),
  };
}

/**
 * Largest or smallest. ONNX Runtime overlooks what is not a number: a sum of the numbers, clipped so that it cannot
 * become one by itself, brings it back.
 */
function extreme(name: string, op: 'ReduceMax' | 'ReduceMin'): KernelDefinition {
  return {
    ...definition(name, (dtype) => dtype),
    lower: (call, graph) =>
      lowerReduction(call, graph, (x, sides, axes) => {
        const { dtype } = call.inputs.x!;
        if (dtype === 'bool') {
          return graph.cast(reduceInStages(graph, op, graph.cast(x, 'int32'), sides, axes), 'bool');
        }
        if (isFew(graph, sides, axes)) return pairwise(graph, op === 'ReduceMax' ? 'Max' : 'Min', x, sides[1]!);
        const result = reduceInStages(graph, op, x, sides, axes);
        if (dtype === 'int32') return result;
        const clipped = graph.op('Clip', [x, graph.float(-1), graph.float(1)]);
        const sum = reduceInStages(graph, 'ReduceSum', clipped, sides, axes);
        return graph.op('Add', [result, graph.op('Mul', [sum, graph.float(0)])]);
      }),
  };
}

/** Whether a reduction is one of few planes. */
function isFew(graph: Emitter, sides: readonly number[], axes: readonly number[]): boolean {
  return graph.block > 0 && sides.length === 4 && axes.length === 1 && axes[0] === 1 && sides[1]! <= 4;
}

/** Compares plane by plane, in one pass: what is not a number is not overlooked here. */
function pairwise(graph: Emitter, op: 'Max' | 'Min', x: string, planes: number): string {
  const plane = (k: number): string => graph.op('Slice', [x, graph.ints(k), graph.ints(k + 1), graph.ints(1)]);
  return Array.from({ length: planes }, (_, k) => plane(k)).reduce((result, next) => graph.op(op, [result, next]));
}

function truth(name: string, op: 'ReduceMax' | 'ReduceMin'): KernelDefinition {
  return {
    ...definition(name, (dtype) => dtype),
    accepts: ({ inputs }) => inputs.x!.dtype === 'bool',
    lower: (call, graph) =>
      lowerReduction(call, graph, (x, sides, axes) =>
        graph.cast(reduceInStages(graph, op, graph.cast(x, 'float32'), sides, axes), 'bool'),
      ),
  };
}

/** Reduces the input in the layout in which it is. */
function lowerReduction(
  { inputs, attrs, outputs }: RecordedCall,
  graph: Emitter,
  reduce: (name: string, sides: readonly number[], axes: readonly number[]) => string,
): void {
  const x = inputs.x!;
  const [output] = outputs as readonly [Value];
  const axes = axesOf(attrs, x.shape);
  const layout = reductionLayout(graph, x, axes);
  const sides = sidesIn(graph, x.shape, layout);
  const name = nameIn(graph, x, layout);
  if (layout === 'plain') {
    graph.define(output, graph.reshape(reduce(name, sides, axes), output.shape));
    return;
  }
  const inner = axes.map((axis) => axisIn(axis, layout)).sort((a, b) => a - b);
  if (layout === 'planes') {
    definePlanes(graph, x, output, reduce(name, sides, inner), axes);
    return;
  }
  // Of blocks, rows and columns are reduced; the channels are what is left, the last of them zeros perhaps.
  const channels = x.shape[3]!;
  const pixels = inner.filter((axis) => axis !== axisIn(3, layout));
  const rows = axes.includes(0) ? 1 : x.shape[0]!;
  let result = graph.reshape(reduce(name, sides, pixels), [rows, graph.filled(channels)]);
  if (isFilledUp(graph, x.shape)) {
    result = graph.op('Slice', [result, graph.ints(0), graph.ints(channels), graph.ints(1)]);
  }
  if (axes.includes(3)) result = reduce(result, [rows, channels], [1]);
  graph.define(output, graph.reshape(result, output.shape));
}

function reductionLayout(graph: Emitter, x: Value, axes: readonly number[]): FullLayout {
  const layout = commonLayout(graph, [x]);
  if (axes.length === 1 && axes[0] === 3 && hasFewChannels(x.shape)) return 'planes';
  if (layout !== 'blocked') return layout;
  // Channels in blocks stay as they are, and so do truth values that only fill up.
  const overPixels = axes.includes(1) && axes.includes(2);
  return overPixels && x.dtype === 'float32' ? 'blocked' : 'planes';
}

/** Defines what is left of planes by the axes that it still has. */
function definePlanes(graph: Emitter, x: Value, output: Value, name: string, axes: readonly number[]): void {
  const left = [0, 3, 1, 2].filter((axis) => !axes.includes(axis));
  const order = [...left].sort((a, b) => a - b);
  // Channels before rows and columns, where both are left and have a length.
  const isInOrder = left.filter((axis) => x.shape[axis] !== 1).every((axis, i, all) => i === 0 || axis > all[i - 1]!);
  const plain = isInOrder
    ? name
    : graph.op(
        'Transpose',
        [
          graph.reshape(
            name,
            left.map((axis) => x.shape[axis]!),
          ),
        ],
        {
          perm: order.map((axis) => left.indexOf(axis)),
        },
      );
  graph.define(output, graph.reshape(plain, output.shape));
}

/** The place of the largest or smallest number; of equal ones the first. ONNX Runtime compares as TensorFlow.js does. */
function positionOfExtreme(op: 'ArgMax' | 'ArgMin'): KernelDefinition {
  return {
    name: op,
    accepts: ({ inputs, attrs }) => inputs.x!.shape.length > 0 && axesOf(attrs, inputs.x!.shape).length === 1,
    infer: ({ inputs, attrs }) => {
      const [axis] = axesOf(attrs, inputs.x!.shape) as [number];
      return [{ shape: inputs.x!.shape.toSpliced(axis, 1), dtype: 'int32' }];
    },
    lower: ({ inputs, attrs, outputs }, graph) => {
      const x = inputs.x!;
      const [axis] = axesOf(attrs, x.shape) as [number];
      const name = x.dtype === 'bool' ? graph.cast(graph.plain(x), 'int32') : graph.plain(x);
      graph.define(outputs[0]!, graph.cast(graph.op(op, [name], { axis, keepdims: 0 }), 'int32'));
    },
  };
}
