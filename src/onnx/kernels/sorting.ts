import { Cumsum, TopK, upcastType, util } from '@tensorflow/tfjs-core';
import type { KernelDefinition } from './definition.js';

/** What depends on the order of the numbers. */
export function sortingKernels(): readonly KernelDefinition[] {
  return [
    {
      name: TopK,
      accepts: ({ inputs }) => inputs.x!.dtype !== 'bool',
      infer: ({ inputs, attrs }) => {
        const shape = [...inputs.x!.shape.slice(0, -1), attrs.k as number];
        return [
          { shape, dtype: inputs.x!.dtype },
          { shape, dtype: 'int32' },
        ];
      },
      // Of equal numbers the first comes first on either side. Unsorted ones may come in any order, sorted too.
      lower: ({ inputs, attrs, outputs }, graph) => {
        const count = graph.ints(attrs.k as number);
        const axis = inputs.x!.shape.length - 1;
        const [values, indices] = graph.ops('TopK', [graph.plain(inputs.x!), count], 2, { axis });
        graph.define(outputs[0]!, values!);
        graph.define(outputs[1]!, graph.cast(indices!, 'int32'));
      },
    },
    {
      name: Cumsum,
      infer: ({ inputs }) => [{ shape: inputs.x!.shape, dtype: upcastType(inputs.x!.dtype, 'int32') }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const { shape, dtype } = inputs.x!;
        const name = dtype === 'bool' ? graph.cast(graph.plain(inputs.x!), 'int32') : graph.plain(inputs.x!);
        const [axis] = util.parseAxisParam(attrs.axis as number, [...shape]) as [number];
        const attributes = { exclusive: attrs.exclusive ? 1 : 0, reverse: attrs.reverse ? 1 : 0 };
        graph.define(outputs[0]!, graph.op('CumSum', [name, graph.ints(axis)], attributes));
      },
    },
  ];
}
