import { LRN, LRNGrad, type NamedAttrMap } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import type { KernelDefinition, Value } from './definition.js';

/** Every number over a power of the squares of its neighbours among the channels (Krizhevsky et al. 2012). */
export function localResponseKernels(): readonly KernelDefinition[] {
  const accepts: KernelDefinition['accepts'] = ({ inputs, attrs }) =>
    inputs.x!.dtype === 'float32' && Number.isInteger(attrs.depthRadius);
  const infer: KernelDefinition['infer'] = ({ inputs }) => [{ shape: inputs.x!.shape, dtype: 'float32' }];
  return [
    {
      name: LRN,
      accepts,
      infer,
      lower: ({ inputs, attrs, outputs }, graph) => {
        const x = graph.plain(inputs.x!);
        const factor = graph.op('Pow', [norm(graph, inputs.x!, attrs), graph.float(-(attrs.beta as number))]);
        graph.define(outputs[0]!, graph.op('Mul', [x, factor]));
      },
    },
    {
      name: LRNGrad,
      accepts,
      infer,
      // dx = dy n^-beta - 2 alpha beta x (sum over the neighbours of y dy / n), with n the norm.
      lower: ({ inputs, attrs, outputs }, graph) => {
        const { x, y, dy } = inputs as Record<'x' | 'y' | 'dy', Value>;
        const { alpha, beta } = attrs as Record<'alpha' | 'beta', number>;
        const norms = norm(graph, x, attrs);
        const upstream = graph.plain(dy);
        const own = graph.op('Mul', [upstream, graph.op('Pow', [norms, graph.float(-beta)])]);
        const shares = graph.op('Div', [graph.op('Mul', [graph.plain(y), upstream]), norms]);
        const pulls = graph.op('Mul', [graph.plain(x), sumOfNeighbours(graph, shares, x.shape, attrs)]);
        const scaled = graph.op('Mul', [pulls, graph.float(2 * alpha * beta)]);
        graph.define(outputs[0]!, graph.op('Sub', [own, scaled]));
      },
    },
  ];
}

function norm(graph: Emitter, x: Value, attrs: NamedAttrMap): string {
  const { alpha, bias } = attrs as Record<'alpha' | 'bias', number>;
  const name = graph.plain(x);
  const sums = sumOfNeighbours(graph, graph.op('Mul', [name, name]), x.shape, attrs);
  return graph.op('Add', [graph.op('Mul', [sums, graph.float(alpha)]), graph.float(bias)]);
}

/** Sums over the channels at most `depthRadius` away: a mean over a window that counts the zeros around, times its size. */
function sumOfNeighbours(
  graph: Emitter,
  name: string,
  shape: readonly number[],
  { depthRadius }: NamedAttrMap,
): string {
  const radius = depthRadius as number;
  const rows = graph.reshape(name, [1, -1, shape.at(-1)!]);
  const size = 2 * radius + 1;
  const means = graph.op('AveragePool', [rows], {
    kernel_shape: [size],
    pads: [radius, radius],
    strides: [1],
    count_include_pad: 1,
  });
  return graph.reshape(graph.op('Mul', [means, graph.float(size)]), shape);
}
