import {
  backend_util,
  type NamedAttrMap,
  Slice,
  SplitV,
  StridedSlice,
  slice_util,
  type Tensor,
  type TensorInfo,
  Unpack,
  util,
} from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { isSameShape } from './broadcast.js';
import type { KernelCall, KernelDefinition, Value, VaryingInput } from './definition.js';
import { axisIn, commonLayout, defineIn, type FullLayout, nameIn } from './layouts.js';

/** Parts of a tensor. */
export function sliceKernels(): readonly KernelDefinition[] {
  return [
    {
      name: Slice,
      infer: (call) => [{ shape: windowOf(call)[1], dtype: call.inputs.x!.dtype }],
      // Batches and crops of images that are there lie elsewhere at every step.
      vary: (call, isAtHand) => {
        const { shape } = call.inputs.x!;
        const [begin, size] = windowOf(call);
        if (!isAtHand(call.inputs.x!) || isSameShape(shape, size)) return undefined;
        return { attrs: {}, inputs: { begin: wholeNumbers(begin) } };
      },
      lower: (call, graph) => {
        const { x, begin } = call.inputs as Record<'x' | 'begin', Value>;
        const [output] = call.outputs as readonly [Value];
        if (begin === undefined) {
          cut(graph, x, windowOf(call)[0], output);
          return;
        }
        const starts = graph.plain(begin);
        const ends = graph.op('Add', [starts, graph.cast(graph.ints(...output.shape), 'int32')]);
        graph.define(output, graph.op('Slice', [graph.plain(x), starts, ends]));
      },
    },
    {
      name: SplitV,
      infer: (call) => {
        const { shape, dtype } = call.inputs.x!;
        const { axis, lengths } = splitOf(call);
        return lengths.map((length) => ({ shape: shape.with(axis, length), dtype }));
      },
      lower: (call, graph) => {
        const { axis, lengths } = splitOf(call);
        let start = 0;
        lengths.forEach((length, i) => {
          const begin = call.inputs.x!.shape.map((_, other) => (other === axis ? start : 0));
          cut(graph, call.inputs.x!, begin, call.outputs[i]!);
          start += length;
        });
      },
    },
    {
      name: Unpack,
      infer: ({ inputs, attrs }) => {
        const { shape, dtype } = inputs.value!;
        const [axis] = util.parseAxisParam(attrs.axis as number, [...shape]) as [number];
        return Array.from({ length: shape[axis]! }, () => ({ shape: shape.toSpliced(axis, 1), dtype }));
      },
      lower: ({ inputs, attrs, outputs }, graph) => {
        const { shape } = inputs.value!;
        const [axis] = util.parseAxisParam(attrs.axis as number, [...shape]) as [number];
        outputs.forEach((output, i) => {
          const part = sliced(graph, graph.plain(inputs.value!), [{ axis, start: i, end: i + 1 }]);
          graph.define(output, graph.reshape(part, output.shape));
        });
      },
    },
    {
      name: StridedSlice,
      infer: (call) => [{ shape: stridesOf(call).finalShape, dtype: call.inputs.x!.dtype }],
      vary: (call, isAtHand) => {
        if (!isAtHand(call.inputs.x!)) return undefined;
        const { starts, ends, steps } = boundsOf(call);
        return { attrs: { steps }, inputs: { starts: wholeNumbers(starts), ends: wholeNumbers(ends) } };
      },
      lower: (call, graph) => {
        const { x, starts, ends } = call.inputs as Record<'x' | 'starts' | 'ends', Value>;
        const [output] = call.outputs as readonly [Value];
        let part: string;
        if (starts === undefined) {
          const fixed = boundsOf(call);
          const ranges = x.shape.map((_, axis) => ({
            axis,
            start: fixed.starts[axis]!,
            end: fixed.ends[axis]!,
            step: fixed.steps[axis]!,
          }));
          part = sliced(graph, graph.plain(x), ranges);
        } else {
          const [axes, steps] = [[...x.shape.keys()], call.attrs.steps as number[]].map((list) =>
            graph.cast(graph.ints(...list), 'int32'),
          );
          part = graph.op('Slice', [graph.plain(x), graph.plain(starts), graph.plain(ends), axes!, steps!]);
        }
        graph.define(output, graph.reshape(part, output.shape));
      },
    },
  ];
}

interface Range {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step?: number;
}

/** Emits a slice along some axes. */
export function sliced(graph: Emitter, name: string, ranges: readonly Range[]): string {
  const lists = [
    ranges.map(({ start }) => start),
    ranges.map(({ end }) => end),
    ranges.map(({ axis }) => axis),
    ranges.map(({ step = 1 }) => step),
  ];
  return graph.op('Slice', [name, ...lists.map((list) => graph.ints(...list))]);
}

function windowOf({ inputs, attrs }: KernelCall): readonly [begin: number[], size: number[]] {
  const x = inputs.x as unknown as TensorInfo;
  const [begin, size] = slice_util.parseSliceParams(x, attrs.begin as number[], attrs.size as number[]);
  slice_util.assertParamsValid(x, begin!, size!);
  return [begin!, size!];
}

function splitOf({ inputs, attrs }: KernelCall): { readonly axis: number; readonly lengths: readonly number[] } {
  const x = inputs.x as unknown as Tensor;
  const [axis] = util.parseAxisParam(attrs.axis as number, x.shape) as [number];
  return { axis, lengths: backend_util.prepareSplitSize(x, attrs.numOrSizeSplits as number[], axis) };
}

function stridesOf({ inputs, attrs }: KernelCall): ReturnType<typeof slice_util.sliceInfo> {
  const list = (name: string) => attrs[name] as number[];
  const mask = (name: keyof NamedAttrMap) => attrs[name] as number;
  return slice_util.sliceInfo(
    [...inputs.x!.shape],
    list('begin'),
    list('end'),
    list('strides'),
    mask('beginMask'),
    mask('endMask'),
    mask('ellipsisMask'),
    mask('newAxisMask'),
    mask('shrinkAxisMask'),
  );
}

/** Where a strided slice begins, ends and how far it goes each time; ONNX counts negative ends from the last number. */
function boundsOf(call: KernelCall): Record<'starts' | 'ends' | 'steps', readonly number[]> {
  const { begin, end, strides } = stridesOf(call);
  return {
    starts: begin,
    ends: end.map((last, axis) => (last < 0 ? -call.inputs.x!.shape[axis]! - 1 : last)),
    steps: strides,
  };
}

function wholeNumbers(values: readonly number[]): VaryingInput {
  return { dtype: 'int32', shape: [values.length], values };
}

/** Defines a window of a value, in the layout in which the value is. */
function cut(graph: Emitter, x: Value, begin: readonly number[], output: Value): void {
  if (isSameShape(x.shape, output.shape)) {
    graph.alias(output, x);
    return;
  }
  const layout = cutLayout(graph, x, begin, output);
  const ranges = output.shape.flatMap((length, axis): Range[] => {
    if (length === x.shape[axis]) return [];
    const [start, end] = [begin[axis]!, begin[axis]! + length];
    if (layout !== 'blocked' || axis !== 3) return [{ axis: axisIn(axis, layout), start, end }];
    return [{ axis: axisIn(axis, layout), start: start / graph.block, end: graph.filled(end) / graph.block }];
  });
  defineIn(graph, output, sliced(graph, nameIn(graph, x, layout), ranges), layout);
}

function cutLayout(graph: Emitter, x: Value, begin: readonly number[], { shape }: Value): FullLayout {
  const layout = commonLayout(graph, [x]);
  if (layout !== 'blocked') return layout;
  // Whole blocks, the last one filled up with zeros.
  const isWhole =
    begin[3]! % graph.block === 0 && (shape[3]! % graph.block === 0 || begin[3]! + shape[3]! === x.shape[3]);
  return isWhole ? layout : 'planes';
}
