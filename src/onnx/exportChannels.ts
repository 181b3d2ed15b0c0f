import type { OnnxConstant, OnnxNode } from './graph.js';

/** Finds the operation that gives a value, and constants, by name; remembers what was found. */
export interface Definitions {
  readonly producers: ReadonlyMap<string, OnnxNode>;
  readonly constants: ReadonlyMap<string, OnnxConstant>;
  readonly channels: Map<string, number | undefined>;
}

/** How many channels a value `[batch, channels, height, width]` has; `undefined` where that cannot be told. */
export function channelsOf(name: string, known: Definitions): number | undefined {
  if (!known.channels.has(name)) known.channels.set(name, find(name, known));
  return known.channels.get(name);
}

function find(name: string, known: Definitions): number | undefined {
  const constant = known.constants.get(name);
  // A scalar has none, and repeats for each.
  if (constant !== undefined) return constant.shape.at(-3) ?? 1;
  const node = known.producers.get(name);
  if (node === undefined) return undefined;
  const { op, inputs, attributes } = node;
  const parts = () => inputs.map((part) => channelsOf(part, known));
  switch (op) {
    case 'Conv':
      return known.constants.get(inputs[1]!)?.shape[0];
    case 'ConvTranspose': {
      const outputs = known.constants.get(inputs[1]!)?.shape[1];
      return outputs && outputs * ((attributes.group as number | undefined) ?? 1);
    }
    case 'Concat':
      return attributes.axis === 1 ? joined(parts(), (a, b) => a + b) : undefined;
    case 'Add':
    case 'Div':
    case 'Mul':
    case 'Sub':
      return joined(parts(), Math.max);
    case 'AveragePool':
    case 'BatchNormalization':
    case 'LeakyRelu':
    case 'MaxPool':
    case 'Neg':
    case 'Relu':
    case 'Resize':
    case 'Sigmoid':
      return channelsOf(inputs[0]!, known);
    default:
      return undefined;
  }
}

function joined(parts: readonly (number | undefined)[], join: (a: number, b: number) => number): number | undefined {
  return parts.reduce((all, part) => (all === undefined || part === undefined ? undefined : join(all, part)));
}
