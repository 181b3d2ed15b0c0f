import type { Emitter } from '../emitter.js';
import { NCHWC } from '../graphBuilder.js';
import { convolveBlocks, convolvePlanes, type Following, followingOf, isFusable } from './convolution.js';
import type { KernelDefinition, Value } from './definition.js';
import { blockedDepthwiseFilter, flipTaps } from './filters.js';
import { convolutionGeometry, type Geometry, windowAttributes } from './geometry.js';

/** Convolutions with kernels of their own for every channel, and their gradients. */
export function depthwiseKernels(): readonly KernelDefinition[] {
  const forward = (name: string): KernelDefinition => ({
    name,
    accepts: ({ inputs, attrs }) =>
      inputs.x!.dtype === 'float32' &&
      (name === 'DepthwiseConv2dNative' || isFusableDepthwise(inputs, attrs.activation as string)),
    infer: ({ inputs, attrs }) => [
      {
        shape: convolutionGeometry(inputs.x!.shape, inputs.filter!.shape, attrs, true).outputShape,
        dtype: 'float32',
      },
    ],
    lower: ({ inputs, attrs, outputs }, graph) => {
      const geometry = convolutionGeometry(inputs.x!.shape, inputs.filter!.shape, attrs, true);
      convolveDepthwise(graph, inputs.x!, inputs.filter!, geometry, outputs[0]!, followingOf({ inputs, attrs }));
    },
  });
  return [
    forward('DepthwiseConv2dNative'),
    forward('FusedDepthwiseConv2D'),
    {
      name: 'DepthwiseConv2dNativeBackpropInput',
      infer: ({ attrs }) => [{ shape: attrs.inputShape as number[], dtype: 'float32' }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const geometry = convolutionGeometry(attrs.inputShape as number[], inputs.filter!.shape, attrs, true);
        inputGradient(graph, inputs.dy!, inputs.filter!, geometry, outputs[0]!);
      },
    },
    {
      name: 'DepthwiseConv2dNativeBackpropFilter',
      infer: ({ attrs }) => [{ shape: attrs.filterShape as number[], dtype: 'float32' }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const geometry = convolutionGeometry(inputs.x!.shape, attrs.filterShape as number[], attrs, true);
        filterGradient(graph, inputs.x!, inputs.dy!, geometry, outputs[0]!);
      },
    },
  ];
}

function isFusableDepthwise(inputs: Readonly<Record<string, Value>>, activation: string): boolean {
  const [height, width, channels, multiplier] = inputs.filter!.shape as [number, number, number, number];
  const filter: Value = { shape: [height, width, 1, channels * multiplier], dtype: 'float32' };
  return isFusable({ ...inputs, filter }, activation);
}

/** A filter `[height, width, channels, multiplier]` as ONNX's grouped convolutions take it. */
function groupedFilter(graph: Emitter, filter: Value): string {
  const [height, width, channels, multiplier] = filter.shape as [number, number, number, number];
  const turned = graph.op('Transpose', [graph.plain(filter)], { perm: [2, 3, 0, 1] });
  return graph.reshape(turned, [channels * multiplier, 1, height, width]);
}

function convolveDepthwise(
  graph: Emitter,
  x: Value,
  filter: Value,
  geometry: Geometry,
  output: Value,
  following: Following,
): void {
  const [height, width, channels, multiplier] = filter.shape as [number, number, number, number];
  if (graph.block === 0 || multiplier > 1) {
    const attributes = { ...windowAttributes(geometry), group: channels };
    convolvePlanes(graph, [graph.planes(x), groupedFilter(graph, filter)], attributes, following, output);
    return;
  }
  const weights = blockedDepthwiseFilter(graph, graph.plain(filter), [height, width, channels]);
  const attributes = { ...windowAttributes(geometry), group: graph.filled(channels) };
  convolveBlocks(graph, [graph.blocked(x), weights], attributes, following, output);
}

function inputGradient(graph: Emitter, dy: Value, filter: Value, geometry: Geometry, output: Value): void {
  const { kernel, strides, dilations, before, inputSides, outputSides } = geometry;
  const [, , channels, multiplier] = filter.shape as [number, number, number, number];
  const taps = kernel[0] * kernel[1];
  const first = [0, 1].map((axis) => dilations[axis]! * (kernel[axis]! - 1) - before[axis]!);
  const last = [0, 1].map((axis) => inputSides[axis]! - outputSides[axis]! + before[axis]!);
  const dense = strides.every((stride) => stride === 1) && [...first, ...last].every((pad) => pad >= 0);
  if (graph.block === 0 || multiplier > 1 || !dense) {
    const reach = [0, 1].map((a) => strides[a]! * (outputSides[a]! - 1) + dilations[a]! * (kernel[a]! - 1) + 1);
    const whole = graph.op('ConvTranspose', [graph.planes(dy), groupedFilter(graph, filter)], {
      kernel_shape: kernel,
      strides,
      dilations,
      group: channels,
    });
    const ends = [0, 1].map((axis) => inputSides[axis]! + before[axis]! - reach[axis]!);
    const cut = graph.op('Pad', [whole, graph.ints(0, 0, -before[0], -before[1], 0, 0, ends[0]!, ends[1]!)]);
    graph.define(output, cut, 'planes');
    return;
  }
  const turned = flipTaps(graph, graph.plain(filter), taps, [channels]);
  const weights = blockedDepthwiseFilter(graph, turned, [kernel[0], kernel[1], channels]);
  const sums = graph.op(
    'Conv',
    [graph.blocked(dy), weights],
    {
      kernel_shape: kernel,
      strides: [1, 1],
      dilations,
      pads: [...first, ...last],
      group: graph.filled(channels),
    },
    NCHWC,
  );
  graph.define(output, sums, 'blocked');
}

/** Each channel of dy passes, as a filter of one channel, over the same channel of x. */
function filterGradient(graph: Emitter, x: Value, dy: Value, geometry: Geometry, output: Value): void {
  const [height, width, channels, multiplier] = output.shape as [number, number, number, number];
  const { strides, dilations, before, inputSides, outputSides } = geometry;
  const batch = x.shape[0]!;
  const after = [0, 1].map(
    (a) =>
      strides[a]! * (outputSides[a]! - 1) + dilations[a]! * ([height, width][a]! - 1) + 1 - before[a]! - inputSides[a]!,
  );
  if (graph.block === 0 || multiplier > 1) {
    // [1, batch x channels x multiplier, ...] in groups of one.
    const images = graph.op('Pad', [graph.planes(x), graph.ints(0, 0, ...before, 0, 0, ...after)]);
    const sides = [0, 1].map((a) => inputSides[a]! + before[a]! + after[a]!);
    const planes = graph.reshape(images, [1, batch * channels, sides[0]!, sides[1]!]);
    const groups = batch * channels;
    const filters = graph.reshape(graph.planes(dy), [groups * multiplier, 1, ...outputSides]);
    const sums = graph.op('Conv', [planes, filters], {
      kernel_shape: outputSides,
      strides: dilations,
      dilations: strides,
      group: groups,
    });
    const parts = graph.reshape(sums, [batch, channels, multiplier, height, width]);
    const total = graph.op('ReduceSum', [parts, graph.ints(0)], { keepdims: 0 });
    graph.define(output, graph.op('Transpose', [total], { perm: [2, 3, 0, 1] }));
    return;
  }
  const filled = graph.filled(channels);
  const blocks = filled / graph.block;
  const flat = graph.reshape(graph.blocked(x), [batch * blocks, ...inputSides, graph.block]);
  const padded = graph.op('Pad', [flat, graph.ints(0, ...before, 0, 0, ...after, 0)]);
  const sides = [0, 1].map((a) => inputSides[a]! + before[a]! + after[a]!);
  const sums = graph.op(
    'Conv',
    [
      graph.reshape(padded, [1, batch * filled, sides[0]!, sides[1]!]),
      graph.reshape(graph.blocked(dy), [batch * filled, 1, ...outputSides]),
    ],
    { kernel_shape: outputSides, strides: dilations, dilations: strides, group: batch * filled },
    NCHWC,
  );
  const parts = graph.reshape(sums, [batch, blocks, height * width, graph.block]);
  const total = graph.op('ReduceSum', [parts, graph.ints(0)], { keepdims: 0 });
  let gradient = graph.op('Transpose', [total], { perm: [1, 0, 2] });
  gradient = graph.reshape(gradient, [height * width, filled]);
  if (filled > channels) {
    gradient = graph.op('Slice', [gradient, graph.ints(0), graph.ints(channels), graph.ints(1)]);
  }
  graph.define(output, graph.reshape(gradient, output.shape));
}
