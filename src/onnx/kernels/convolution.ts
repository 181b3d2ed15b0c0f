import { type Attributes, type Emitter, NCHWC } from '../emitter.js';
import type { KernelDefinition, Value } from './definition.js';
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
        convolve(graph, inputs.x!, inputs.filter!, geometry, outputs[0]!, {
          ...(inputs.bias && { bias: inputs.bias }),
          activation: (attrs.activation as string | null) ?? 'linear',
          slope: (attrs.leakyreluAlpha as number | undefined) ?? 0.2,
        });
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

/** Whether bias and activation of a fused kernel can come in the same operation. */
export function isFusable(inputs: Readonly<Record<string, Value>>, activation: string | null | undefined): boolean {
  const { bias, filter, preluActivationWeights } = inputs;
  const [, , , outputs] = filter!.shape;
  if (preluActivationWeights !== undefined) return false;
  if (bias !== undefined && bias.shape.reduce((product, side) => product * side, 1) !== outputs) return false;
  return ['linear', 'relu', 'relu6', 'leakyrelu', 'sigmoid'].includes(activation ?? 'linear');
}

/** What follows a convolution in the same operation. */
export interface Following {
  readonly bias?: Value;
  /** Name of TensorFlow.js. */
  readonly activation: string;
  /** Of leaky ReLU below 0. */
  readonly slope: number;
}

/** Attributes of ONNX Runtime's fused convolutions for an activation of TensorFlow.js. */
export function fusedActivation({ activation, slope }: Following): Attributes {
  switch (activation) {
    case 'relu':
      return { activation: 'Relu' };
    case 'relu6':
      return { activation: 'Clip', activation_params: { floats: [0, 6] } };
    case 'leakyrelu':
      return { activation: 'LeakyRelu', activation_params: { floats: [slope] } };
    case 'sigmoid':
      return { activation: 'Sigmoid' };
    default:
      return {};
  }
}

/** The same as an operation of its own. */
export function activated(graph: Emitter, name: string, { activation, slope }: Following): string {
  switch (activation) {
    case 'relu':
      return graph.op('Relu', [name]);
    case 'relu6':
      return graph.op('Clip', [name, graph.float(0), graph.float(6)]);
    case 'leakyrelu':
      return graph.op('LeakyRelu', [name], { alpha: { float: slope } });
    case 'sigmoid':
      return graph.op('Sigmoid', [name]);
    default:
      return name;
  }
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
  const [, , channels, outputs] = filter.shape as [number, number, number, number];
  if (graph.block === 0) {
    const weights = graph.op('Transpose', [graph.plain(filter)], { perm: [3, 2, 0, 1] });
    const inputs = [graph.planes(x), weights];
    if (following.bias) inputs.push(graph.vector(following.bias));
    const sums = graph.op('Conv', inputs, windowAttributes(geometry));
    graph.define(output, activated(graph, sums, following), 'planes');
    return;
  }
  const blocked = channels >= graph.block || graph.has(x, 'blocked');
  const shape = filter.shape as [number, number, number, number];
  const inputs = [
    blocked ? graph.blocked(x) : graph.planes(x),
    blockedFilter(graph, graph.plain(filter), shape, blocked),
  ];
  if (following.bias) inputs.push(graph.vector(following.bias));
  // A sigmoid would fill the channels that only fill up with 0.5.
  const apart = following.activation === 'sigmoid' && outputs % graph.block !== 0;
  const attributes = { ...windowAttributes(geometry), ...(apart ? {} : fusedActivation(following)) };
  const sums = graph.op('Conv', inputs, attributes, NCHWC);
  if (!apart) {
    graph.define(output, sums, 'blocked');
    return;
  }
  const plain = graph.op('ReorderOutput', [sums], { channels: outputs, channels_last: 1 }, NCHWC);
  graph.define(output, activated(graph, plain, following));
}
