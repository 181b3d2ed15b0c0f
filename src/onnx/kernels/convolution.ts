import type { Emitter, Layout } from '../emitter.js';
import { type Attributes, NCHWC } from '../graphBuilder.js';
import type { KernelCall, KernelDefinition, Value } from './definition.js';
import { blockedFilter } from './filters.js';
import { convolutionGeometry, type Geometry, windowAttributes } from './geometry.js';

/** Convolutions forward, alone and with bias and activation. */
export function convolutionKernels(): readonly KernelDefinition[] {
  return [
    {
      name: 'Conv2D',
      accepts: ({ inputs, attrs }) => isPlainConvolution(inputs.x!, inputs.filter!, attrs.dataFormat),
      infer: ({ inputs, attrs }) => [
        {
          shape: convolutionGeometry(inputs.x!.shape, inputs.filter!.shape, attrs).outputShape,
          dtype: 'float32',
        },
      ],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const geometry = convolutionGeometry(inputs.x!.shape, inputs.filter!.shape, attrs);
        convolve(graph, inputs.x!, inputs.filter!, geometry, outputs[0]!);
      },
    },
    {
      name: 'FusedConv2D',
      accepts: ({ inputs, attrs }) =>
        isPlainConvolution(inputs.x!, inputs.filter!, attrs.dataFormat) &&
        isFusable(inputs, attrs.activation as string | undefined),
      infer: ({ inputs, attrs }) => [
        {
          shape: convolutionGeometry(inputs.x!.shape, inputs.filter!.shape, attrs).outputShape,
          dtype: 'float32',
        },
      ],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const geometry = convolutionGeometry(inputs.x!.shape, inputs.filter!.shape, attrs);
        convolve(graph, inputs.x!, inputs.filter!, geometry, outputs[0]!, followingOf({ inputs, attrs }));
      },
    },
  ];
}

/** Whether a convolution is of float tensors with the channels last and one group. */
export function isPlainConvolution(x: Value, filter: Value, dataFormat: unknown): boolean {
  return (
    x.dtype === 'float32' &&
    filter.dtype === 'float32' &&
    (dataFormat ?? 'NHWC') === 'NHWC' &&
    x.shape[3] === filter.shape[2]
  );
}

/** Whether bias and activation of a fused kernel are ones that can be lowered. */
export function isFusable(inputs: Readonly<Record<string, Value>>, activation: string | null | undefined): boolean {
  const { bias, filter } = inputs;
  const [, , , outputs] = filter!.shape;
  if (bias !== undefined && bias.shape.reduce((product, side) => product * side, 1) !== outputs) return false;
  return ['linear', 'relu', 'relu6', 'leakyrelu', 'sigmoid', 'elu', 'prelu'].includes(activation ?? 'linear');
}

/** What follows a convolution in the same kernel. */
export interface Following {
  readonly bias?: Value;
  /** Name of TensorFlow.js. */
  readonly activation: string;
  /** Of leaky ReLU below 0. */
  readonly slope: number;
  /** Of parametric ReLU below 0, broadcast to the result. */
  readonly slopes?: Value;
}

/** What follows the convolution of a fused kernel. */
export function followingOf({ inputs, attrs }: KernelCall): Following {
  return {
    ...(inputs.bias && { bias: inputs.bias }),
    ...(inputs.preluActivationWeights && { slopes: inputs.preluActivationWeights }),
    activation: (attrs.activation as string | null | undefined) ?? 'linear',
    slope: (attrs.leakyreluAlpha as number | undefined) ?? 0.2,
  };
}

/** Attributes of ONNX Runtime's own fused convolutions, or `undefined` where they cannot have the activation. */
function fusedActivation({ activation, slope }: Following, isFilledUp: boolean): Attributes | undefined {
  switch (activation) {
    case 'linear':
      return {};
    case 'relu':
      return { activation: 'Relu' };
    case 'relu6':
      return { activation: 'Clip', activation_params: { floats: [0, 6] } };
    case 'leakyrelu':
      return { activation: 'LeakyRelu', activation_params: { floats: [slope] } };
    case 'sigmoid':
      // It would fill the channels that only fill up with 0.5.
      return isFilledUp ? undefined : { activation: 'Sigmoid' };
    default:
      return undefined;
  }
}

/** Emits an activation of its own; parametric ReLU takes a name in the plain layout. */
export function activated(graph: Emitter, name: string, { activation, slope, slopes }: Following): string {
  switch (activation) {
    case 'relu':
      return graph.op('Relu', [name]);
    case 'relu6':
      return graph.op('Clip', [name, graph.float(0), graph.float(6)]);
    case 'leakyrelu':
      return graph.op('LeakyRelu', [name], { alpha: { float: slope } });
    case 'sigmoid':
      return graph.op('Sigmoid', [name]);
    case 'elu':
      return graph.op('Elu', [name]);
    case 'prelu':
      return graph.op('PRelu', [name, graph.plain(slopes!)]);
    default:
      return name;
  }
}

/** Emits a convolution of planes, `inputs` being the image and the filter, and what follows. */
export function convolvePlanes(
  graph: Emitter,
  inputs: readonly string[],
  attributes: Attributes,
  following: Following,
  output: Value,
): void {
  const { bias, activation } = following;
  const sums = graph.op('Conv', bias ? [...inputs, graph.vector(bias)] : inputs, attributes);
  if (activation === 'prelu') finishPlain(graph, sums, 'planes', following, output);
  else graph.define(output, activated(graph, sums, following), 'planes');
}

/** Emits a convolution of blocks, what is added and what follows, in one operation where ONNX Runtime has it. */
export function convolveBlocks(
  graph: Emitter,
  inputs: readonly string[],
  attributes: Attributes,
  following: Following,
  output: Value,
  addend = '',
): void {
  const { bias } = following;
  const fused = fusedActivation(following, output.shape[3]! % graph.block !== 0);
  const all = [...inputs, bias ? graph.vector(bias) : '', addend];
  while (all.at(-1) === '') all.pop();
  const sums = graph.op('Conv', all, { ...attributes, ...fused }, NCHWC);
  if (fused) graph.define(output, sums, 'blocked');
  else finishPlain(graph, sums, 'blocked', following, output);
}

function finishPlain(graph: Emitter, sums: string, layout: Layout, following: Following, output: Value): void {
  const before: Value = { shape: output.shape, dtype: output.dtype };
  graph.define(before, sums, layout);
  graph.define(output, activated(graph, graph.plain(before), following));
}

/** Emits a convolution of a value with a filter `[height, width, inputs, outputs]`. */
export function convolve(
  graph: Emitter,
  x: Value,
  filter: Value,
  geometry: Geometry,
  output: Value,
  following: Following = { activation: 'linear', slope: 0 },
): void {
  const [, , channels] = filter.shape as [number, number, number, number];
  if (graph.block === 0) {
    const weights = graph.op('Transpose', [graph.plain(filter)], { perm: [3, 2, 0, 1] });
    convolvePlanes(graph, [graph.planes(x), weights], windowAttributes(geometry), following, output);
    return;
  }
  const parts = graph.partsOf(x);
  if (parts) {
    convolveParts(graph, parts, filter, geometry, following, output);
    return;
  }
  const blocked = channels >= graph.block || graph.has(x, 'blocked');
  const shape = filter.shape as [number, number, number, number];
  const inputs = [
    blocked ? graph.blocked(x) : graph.planes(x),
    blockedFilter(graph, graph.plain(filter), shape, blocked),
  ];
  convolveBlocks(graph, inputs, windowAttributes(geometry), following, output);
}

/** Convolves feature maps that are joined along their channels one by one, each adding to the sum of those before. */
function convolveParts(
  graph: Emitter,
  parts: readonly Value[],
  filter: Value,
  geometry: Geometry,
  following: Following,
  output: Value,
): void {
  const [height, width, , outputs] = filter.shape as [number, number, number, number];
  let sums = '';
  let from = 0;
  parts.forEach((part, i) => {
    const channels = part.shape[3]!;
    const ends = [from, from + channels].map((end) => graph.ints(end));
    const taps = graph.op('Slice', [graph.plain(filter), ...ends, graph.ints(2)]);
    from += channels;
    const inputs = [graph.blocked(part), blockedFilter(graph, taps, [height, width, channels, outputs], true)];
    if (i === parts.length - 1) {
      convolveBlocks(graph, inputs, windowAttributes(geometry), following, output, sums);
    } else {
      sums = graph.op('Conv', sums === '' ? inputs : [...inputs, '', sums], windowAttributes(geometry), NCHWC);
    }
  });
}
