import type { Emitter } from '../emitter.js';

/** Sides of a filter as TensorFlow.js has it: `[height, width, input channels, output channels]`. */
export type FilterShape = readonly [height: number, width: number, inputs: number, outputs: number];

/** Fills an axis up with zeros to a length. */
export function padAxis(graph: Emitter, name: string, shape: readonly number[], axis: number, length: number): string {
  if (shape[axis] === length) return name;
  const pads = new Array<number>(2 * shape.length).fill(0);
  pads[shape.length + axis] = length - shape[axis]!;
  return graph.op('Pad', [name, graph.ints(...pads)]);
}

/**
 * A filter `[taps, inputs, outputs]` as ONNX Runtime's blocked convolutions take it: blocks of outputs, blocks of
 * inputs, taps, inputs of a block, outputs of a block. Inputs that come as planes (`blockedInputs` false) are not cut
 * into blocks.
 */
export function blockedFilter(
  graph: Emitter,
  name: string,
  [height, width, inputs, outputs]: FilterShape,
  blockedInputs: boolean,
): string {
  const { block } = graph;
  const filledInputs = blockedInputs ? graph.filled(inputs) : inputs;
  const filledOutputs = graph.filled(outputs);
  let filter = graph.reshape(name, [height * width, inputs, outputs]);
  filter = padAxis(graph, filter, [height * width, inputs, outputs], 1, filledInputs);
  filter = padAxis(graph, filter, [height * width, filledInputs, outputs], 2, filledOutputs);
  if (blockedInputs) {
    filter = graph.reshape(filter, [height * width, filledInputs / block, block, filledOutputs / block, block]);
    filter = graph.op('Transpose', [filter], { perm: [3, 1, 0, 2, 4] });
  } else {
    filter = graph.reshape(filter, [height * width, inputs, filledOutputs / block, block]);
    filter = graph.op('Transpose', [filter], { perm: [2, 1, 0, 3] });
  }
  return graph.reshape(filter, [filledOutputs, filledInputs, height, width]);
}

/** A filter `[height, width, channels]` of one kernel a channel, for blocked convolutions of as many groups. */
export function blockedDepthwiseFilter(
  graph: Emitter,
  name: string,
  [height, width, channels]: readonly [number, number, number],
): string {
  const filled = graph.filled(channels);
  let filter = graph.reshape(name, [height * width, channels]);
  filter = padAxis(graph, filter, [height * width, channels], 1, filled);
  filter = graph.reshape(filter, [height * width, filled / graph.block, graph.block]);
  filter = graph.op('Transpose', [filter], { perm: [1, 0, 2] });
  return graph.reshape(filter, [filled, 1, height, width]);
}

/** Turns a filter round: the last tap first. */
export function flipTaps(graph: Emitter, name: string, taps: number, rest: readonly number[]): string {
  const flat = graph.reshape(name, [taps, ...rest]);
  if (taps === 1) return flat;
  return graph.op('Gather', [flat, graph.ints(...Array.from({ length: taps }, (_, i) => taps - 1 - i))], { axis: 0 });
}
